import { resizeMask, resizePixels } from '../../images/resize.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { buildPyramid, type PhotoPyramid } from '../augment/pyramid.ts';
import { signedDistance } from './distance.ts';
import { CutPasteError } from './errors.ts';
import { extendColors } from './extendColors.ts';

/** Share of a photo above which a mask is no cut-out but the whole photo. */
export const WHOLE = 0.98;

/** Pixels kept around the object's box, room for the feather. */
const MARGIN = 4;

/** Pixels this far inside the mask are surely the object's; those nearer to the edge are part background in most photos. */
const SURE = 1;

/** An object cut from its photo, in a frame of its own: the object's box and a few pixels around it. */
export interface Cutout {
  /** The object with its colours carried on beyond its edge, at its own size and halved again and again. */
  object: PhotoPyramid;
  /** Signed distance to the object's edge in pixels of the frame, inside positive; [object.height, object.width]. */
  depth: Float32Array;
  /** Size and centre of the object's box in the frame. */
  width: number;
  height: number;
  centerX: number;
  centerY: number;
  /** Mean brightness of the object, 0…255. */
  brightness: number;
}

/**
 * Prepare an object for pasting.
 * @param mask of the whole photo, at any resolution; above 0 is object
 * @param name of the photo, for messages
 * @param maxSide largest side of the frame in pixels; larger objects are reduced
 * @throws CutPasteError when the mask is empty, nothing but specks, or covers the whole photo
 */
export function makeCutout(pixels: Pixels, mask: Mask, name: string, maxSide: number): Cutout {
  const sized =
    mask.width === pixels.width && mask.height === pixels.height
      ? mask
      : resizeMask(mask, pixels.width, pixels.height);
  const box = objectBox(sized, name);
  const left = Math.max(0, box.left - MARGIN);
  const top = Math.max(0, box.top - MARGIN);
  const width = Math.min(pixels.width, box.right + 1 + MARGIN) - left;
  const height = Math.min(pixels.height, box.bottom + 1 + MARGIN) - top;
  const shrink = Math.min(1, maxSide / Math.max(width, height));
  const targetWidth = Math.max(1, Math.round(width * shrink));
  const targetHeight = Math.max(1, Math.round(height * shrink));
  const cut = resizePixels(cropPixels(pixels, left, top, width, height), targetWidth, targetHeight);
  const cutMask = resizeMask(cropMask(sized, left, top, width, height), targetWidth, targetHeight);
  const inside = flags(cutMask.data, (value) => value > 0);
  if (!inside.includes(1)) {
    throw new CutPasteError(
      `${name}: its mask is nothing but specks, which vanish at ${targetWidth}×${targetHeight} pixels. Paint over the whole object with the brush.`,
    );
  }
  const depth = signedDistance(inside, targetWidth, targetHeight);
  return {
    object: buildPyramid(extendColors(cut, sureObject(inside, depth))),
    depth,
    width: (box.right + 1 - box.left) * shrink,
    height: (box.bottom + 1 - box.top) * shrink,
    centerX: ((box.left + box.right + 1) / 2 - left) * shrink,
    centerY: ((box.top + box.bottom + 1) / 2 - top) * shrink,
    brightness: meanBrightness(cut, inside),
  };
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Tight box of a mask, last pixels included. */
function objectBox({ width, height, data }: Mask, name: string): Box {
  const box: Box = { left: width, top: height, right: -1, bottom: -1 };
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      count++;
      if (x < box.left) box.left = x;
      if (x > box.right) box.right = x;
      if (y < box.top) box.top = y;
      box.bottom = y;
    }
  }
  if (count === 0) {
    throw new CutPasteError(
      `${name}: its mask is empty, so there is nothing to cut out. Click on the object to propose a mask, or delete it.`,
    );
  }
  if (count > WHOLE * width * height) {
    throw new CutPasteError(
      `${name}: its mask covers the whole photo, so there is nothing to cut out. Correct it with the eraser, or delete it.`,
    );
  }
  return box;
}

/** The pixels whose colours are the object's own; all of it where the object is thin everywhere. */
function sureObject(inside: Uint8Array, depth: Float32Array): Uint8Array {
  const sure = flags(depth, (value) => value >= SURE);
  return sure.includes(1) ? sure : inside;
}

/** 1 where a value passes, else 0; a plain loop, many times faster than `Uint8Array.from` with a function. */
function flags(values: ArrayLike<number>, passes: (value: number) => boolean): Uint8Array {
  const result = new Uint8Array(values.length);
  for (let i = 0; i < result.length; i++) if (passes(values[i]!)) result[i] = 1;
  return result;
}

function meanBrightness({ data }: Pixels, inside: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] === 0) continue;
    sum += 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!;
    count++;
  }
  return sum / count;
}

function cropPixels(
  { width: stride, data }: Pixels,
  left: number,
  top: number,
  width: number,
  height: number,
): Pixels {
  const cropped = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * stride + left) * 4;
    cropped.set(data.subarray(start, start + width * 4), y * width * 4);
  }
  return { width, height, data: cropped };
}

function cropMask(
  { width: stride, data }: Mask,
  left: number,
  top: number,
  width: number,
  height: number,
): Mask {
  const cropped = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * stride + left;
    cropped.set(data.subarray(start, start + width), y * width);
  }
  return { width, height, data: cropped };
}
