import type { Mask, Pixels } from '../../images/types.ts';

/** Colour differences between neighbouring pixels of an image. */
export interface Edges {
  width: number;
  height: number;
  /** [height, width]: squared RGB distance (0…3·255²) to the pixel on the right; 0 in the last column. */
  right: Float32Array;
  /** [height, width]: to the pixel below; 0 in the last row. */
  down: Float32Array;
  /** Mean over all pairs. */
  mean: number;
}

/** Measure the colour differences of an image. */
export function colorEdges({ width, height, data }: Pixels): Edges {
  const right = new Float32Array(width * height);
  const down = new Float32Array(width * height);
  let sum = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (x + 1 < width) sum += right[at] = squaredDistance(data, at, at + 1);
      if (y + 1 < height) sum += down[at] = squaredDistance(data, at, at + width);
    }
  }
  const pairs = (width - 1) * height + width * (height - 1);
  return { width, height, right, down, mean: pairs > 0 ? sum / pairs : 0 };
}

function squaredDistance(data: Uint8ClampedArray, a: number, b: number): number {
  let sum = 0;
  for (let c = 0; c < 3; c++) sum += (data[4 * a + c]! - data[4 * b + c]!) ** 2;
  return sum;
}

/**
 * How strong the colour edges under a mask's outline are: mean colour distance across the outline, relative to that of
 * the whole image; about 1 for an outline drawn anywhere, higher for one that follows edges, 0 without outline.
 */
export function outlineContrast(mask: Mask, { width, height, right, down }: Edges): number {
  let [outline, outlinePairs, all, pairs] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const inside = mask.data[at]! > 0;
      if (x + 1 < width) {
        const distance = Math.sqrt(right[at]!);
        all += distance;
        pairs++;
        if (inside !== mask.data[at + 1]! > 0) {
          outline += distance;
          outlinePairs++;
        }
      }
      if (y + 1 < height) {
        const distance = Math.sqrt(down[at]!);
        all += distance;
        pairs++;
        if (inside !== mask.data[at + width]! > 0) {
          outline += distance;
          outlinePairs++;
        }
      }
    }
  }
  return outlinePairs === 0 || all === 0 ? 0 : outline / outlinePairs / (all / pairs);
}
