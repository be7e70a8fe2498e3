import type { Pixels } from '../../images/types.ts';

/**
 * Add the colour of an image at a place, bilinear between pixel centres and the border repeated, to a sum.
 * @param x,y continuous pixels (pixel i covers [i, i + 1)), anywhere
 * @param sum [3]: red, green, blue
 */
export function addBilinear({ width, height, data }: Pixels, x: number, y: number, sum: Float64Array): void {
  const px = Math.max(0, Math.min(width - 1, x - 0.5));
  const py = Math.max(0, Math.min(height - 1, y - 0.5));
  const left = Math.floor(px);
  const top = Math.floor(py);
  const fx = px - left;
  const fy = py - top;
  const a = (top * width + left) * 4;
  const right = fx > 0 ? 4 : 0;
  const below = fy > 0 ? 4 * width : 0;
  const wa = (1 - fx) * (1 - fy);
  const wb = fx * (1 - fy);
  const wc = (1 - fx) * fy;
  const wd = fx * fy;
  const b = a + right;
  const c = a + below;
  const d = a + right + below;
  sum[0] = sum[0]! + wa * data[a]! + wb * data[b]! + wc * data[c]! + wd * data[d]!;
  sum[1] = sum[1]! + wa * data[a + 1]! + wb * data[b + 1]! + wc * data[c + 1]! + wd * data[d + 1]!;
  sum[2] = sum[2]! + wa * data[a + 2]! + wb * data[b + 2]! + wc * data[c + 2]! + wd * data[d + 2]!;
}
