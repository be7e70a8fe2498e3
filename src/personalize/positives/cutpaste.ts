import type { Mask, Pixels } from '../../images/types.ts';
import { addBilinear } from '../augment/bilinear.ts';
import type { Cutout } from './cutout.ts';
import { type Placement, turnedSize } from './placement.ts';
import type { CutPasteSettings } from './settings.ts';

/** A Cut/Paste image with its exact mask (255 where the object covers more than half). */
export interface PastedImage {
  pixels: Pixels;
  mask: Mask;
  placement: Placement;
}

/** Side of the grid of samples in each output pixel. */
const SAMPLES = 2;

/** Most that brightness matching darkens or lightens an object. */
const GAIN = { least: 2 / 3, most: 4 / 3 };

/**
 * Paste an object on a background (method §1.4) with a soft edge: opacity rises over `feather` output pixels around the
 * mask's edge, moved inward by `erode`. Further out the background is untouched.
 * @param background square; not changed
 */
export function paste(
  cutout: Cutout,
  background: Pixels,
  placement: Placement,
  settings: CutPasteSettings,
): PastedImage {
  const size = background.width;
  const { object, depth, centerX, centerY } = cutout;
  const { scale, flip } = placement;
  const data = background.data.slice();
  const mask = new Uint8Array(size * size);
  const index = Math.max(0, Math.min(object.levels.length - 1, Math.floor(-Math.log2(scale))));
  const level = object.levels[index]!;
  const toLevelX = level.width / object.width;
  const toLevelY = level.height / object.height;
  // Output to frame: flip, turn back, scale down, about the two centres.
  const cos = Math.cos(placement.radians) / scale;
  const sin = Math.sin(placement.radians) / scale;
  const feather = Math.max(settings.feather, 1e-3);
  const area = pastedArea(cutout, placement, size, feather);
  const gain = brightnessGain(cutout, background, area, settings.matchBrightness);
  const sum = new Float64Array(3);
  for (let v = area.top; v < area.bottom; v++) {
    for (let u = area.left; u < area.right; u++) {
      sum.fill(0);
      let opacity = 0;
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const dx = u + ((s % SAMPLES) + 0.5) / SAMPLES - placement.x;
        const dy = v + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES - placement.y;
        const x = centerX + (cos * dx + sin * dy) * (flip ? -1 : 1);
        const y = centerY - sin * dx + cos * dy;
        const inside = depthAt(depth, object.width, object.height, x, y) * scale - settings.erode;
        opacity += Math.max(0, Math.min(1, inside / feather + 0.5));
        addBilinear(level, x * toLevelX, y * toLevelY, sum);
      }
      opacity /= SAMPLES * SAMPLES;
      if (opacity === 0) continue;
      const at = (v * size + u) * 4;
      for (let c = 0; c < 3; c++) {
        const color = Math.min(255, (gain * sum[c]!) / (SAMPLES * SAMPLES));
        data[at + c] = data[at + c]! + opacity * (color - data[at + c]!);
      }
      if (opacity > 0.5) mask[v * size + u] = 255;
    }
  }
  return {
    pixels: { width: size, height: size, data },
    mask: { width: size, height: size, data: mask },
    placement,
  };
}

interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The output pixels that the object, its feather included, can reach. */
function pastedArea(cutout: Cutout, placement: Placement, size: number, feather: number): Area {
  const { width, height } = turnedSize(cutout, placement);
  const reach = feather / 2 + 1;
  const clip = (value: number) => Math.max(0, Math.min(size, value));
  return {
    left: clip(Math.floor(placement.x - width / 2 - reach)),
    right: clip(Math.ceil(placement.x + width / 2 + reach)),
    top: clip(Math.floor(placement.y - height / 2 - reach)),
    bottom: clip(Math.ceil(placement.y + height / 2 + reach)),
  };
}

/** Signed distance at a place of the frame, bilinear between pixel centres; the frame is an edge too. */
function depthAt(depth: Float32Array, width: number, height: number, x: number, y: number): number {
  const px = Math.max(0, Math.min(width - 1, x - 0.5));
  const py = Math.max(0, Math.min(height - 1, y - 0.5));
  const left = Math.floor(px);
  const top = Math.floor(py);
  const fx = px - left;
  const fy = py - top;
  const a = top * width + left;
  const right = fx > 0 ? 1 : 0;
  const below = fy > 0 ? width : 0;
  const upper = depth[a]! * (1 - fx) + depth[a + right]! * fx;
  const lower = depth[a + below]! * (1 - fx) + depth[a + right + below]! * fx;
  return Math.min(upper * (1 - fy) + lower * fy, x, width - x, y, height - y);
}

/** Factor that moves the object's mean brightness towards that of the background where it is pasted. */
function brightnessGain(
  { brightness }: Cutout,
  { width, data }: Pixels,
  { left, right, top, bottom }: Area,
  strength: number,
): number {
  let sum = 0;
  for (let v = top; v < bottom; v++) {
    for (let u = left; u < right; u++) {
      const at = (v * width + u) * 4;
      sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    }
  }
  const target = sum / Math.max(1, (right - left) * (bottom - top));
  const gain = 1 + strength * (target / Math.max(brightness, 1) - 1);
  return Math.max(GAIN.least, Math.min(GAIN.most, gain));
}
