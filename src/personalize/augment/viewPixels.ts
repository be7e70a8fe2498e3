import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import type { Pixels } from '../../images/types.ts';

/** A normalized view [3, side, side] back as a picture to look at. */
export function viewPixels(
  tensor: Float32Array,
  side: number,
  { mean, std }: Pick<PreprocessConfig, 'mean' | 'std'>,
): Pixels {
  const plane = side * side;
  const data = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[i * 4 + c] = (tensor[c * plane + i]! * std[c]! + mean[c]!) * 255;
    data[i * 4 + 3] = 255;
  }
  return { width: side, height: side, data };
}
