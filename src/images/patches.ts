import { ImageSizeError, requireLength } from './errors.ts';
import type { PatchGeometry } from './geometry.ts';
import { interpolateBilinear, linearTaps, sampleBilinear } from './interpolate.ts';
import type { Mask } from './types.ts';

/**
 * Share of each patch that is object: exact area average of the mask over the patch's footprint; what of a patch lies
 * outside the photo (padding) counts as background.
 *
 * @param mask of the whole photo, at any resolution; above 0 is object
 * @returns [rows, columns] in 0…1
 */
export function maskToPatches(mask: Mask, geometry: PatchGeometry): Float32Array<ArrayBuffer> {
  requireLength('the mask', mask.data.length, mask.width, mask.height, 1);
  const table = summedArea(mask);
  const xs = cellEdges(
    geometry.columns,
    geometry.patchSize,
    geometry.originX,
    mask.width / geometry.resizedWidth,
  );
  const ys = cellEdges(
    geometry.rows,
    geometry.patchSize,
    geometry.originY,
    mask.height / geometry.resizedHeight,
  );
  const coverage = new Float32Array(geometry.columns * geometry.rows);
  for (let r = 0; r < geometry.rows; r++) {
    for (let c = 0; c < geometry.columns; c++) {
      const [left, right, top, bottom] = [xs[c]!, xs[c + 1]!, ys[r]!, ys[r + 1]!];
      const object =
        areaTo(table, mask, right, bottom) -
        areaTo(table, mask, left, bottom) -
        areaTo(table, mask, right, top) +
        areaTo(table, mask, left, top);
      const share = object / ((right - left) * (bottom - top));
      coverage[r * geometry.columns + c] = Math.min(1, Math.max(0, share));
    }
  }
  return coverage;
}

/** Edges of the cells along one axis, in mask pixels. */
function cellEdges(cells: number, patchSize: number, origin: number, scale: number): Float64Array {
  return Float64Array.from({ length: cells + 1 }, (_, i) => (i * patchSize - origin) * scale);
}

/** [height + 1, width + 1]: object pixels above and left of each pixel corner. */
function summedArea({ width, height, data }: Mask): Uint32Array {
  const stride = width + 1;
  const table = new Uint32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! > 0) row++;
      table[(y + 1) * stride + x + 1] = table[y * stride + x + 1]! + row;
    }
  }
  return table;
}

/** Object area of the mask in [0, x) × [0, y), for any real x and y: bilinear between corners, which is exact. */
function areaTo(table: Uint32Array, { width, height }: Mask, x: number, y: number): number {
  const insideX = Math.min(Math.max(x, 0), width);
  const insideY = Math.min(Math.max(y, 0), height);
  const column = Math.min(Math.floor(insideX), width - 1);
  const row = Math.min(Math.floor(insideY), height - 1);
  const across = insideX - column;
  const down = insideY - row;
  const at = row * (width + 1) + column;
  const below = at + width + 1;
  return (
    (table[at]! * (1 - across) + table[at + 1]! * across) * (1 - down) +
    (table[below]! * (1 - across) + table[below + 1]! * across) * down
  );
}

/** First step of upsampling a map: four times, as method §3.4 step 4 (and PerSAM) do. */
const FIRST_UPSAMPLING = 4;

/**
 * Carry a map from the patch grid to the photo, as method §3.4 step 4: bilinear ×4, bilinear to the encoder's frame,
 * cut the padding, bilinear to the photo.
 *
 * @param map [rows, columns]
 * @param width width of the result, which shows the whole photo; need not be the photo's own
 * @returns [height, width]; NaN where a crop left the photo out of the grid
 * @throws ImageSizeError when the map is not of the grid's size
 */
export function patchesToPhoto(
  map: Float32Array,
  geometry: PatchGeometry,
  width: number,
  height: number,
): Float32Array<ArrayBuffer> {
  const { columns, rows, patchSize } = geometry;
  if (map.length !== columns * rows) {
    throw new ImageSizeError(`the map holds ${map.length} numbers; the grid has ${columns}×${rows} cells`);
  }
  const finerWidth = columns * FIRST_UPSAMPLING;
  const finerHeight = rows * FIRST_UPSAMPLING;
  const frameWidth = Math.round(columns * patchSize);
  const frameHeight = Math.round(rows * patchSize);
  const finer = interpolateBilinear(map, columns, rows, finerWidth, finerHeight);
  const frame = interpolateBilinear(finer, finerWidth, finerHeight, frameWidth, frameHeight);
  return sampleBilinear(
    frame,
    frameWidth,
    photoTaps(width, geometry.resizedWidth, geometry.originX, frameWidth),
    photoTaps(height, geometry.resizedHeight, geometry.originY, frameHeight),
  );
}

/** Taps of the part of the frame that shows the photo; NaN weights where the frame does not reach. */
function photoTaps(count: number, resized: number, origin: number, frame: number) {
  const step = resized / count;
  const low = Math.max(0, origin);
  const high = Math.min(frame, origin + resized);
  const taps = linearTaps(count, step, origin, low, high);
  for (let i = 0; i < count; i++) {
    const position = origin + (i + 0.5) * step;
    if (position < 0 || position > frame) taps.fraction[i] = Number.NaN;
  }
  return taps;
}
