import type { PreprocessConfig } from './preprocessConfig.ts';
import type { Pixels } from './types.ts';

/** What each 8-bit value becomes in each channel: (value·factor − mean)/std in float32 arithmetic. */
function normalizedValues({ rescaleFactor, mean, std }: PreprocessConfig): Float32Array[] {
  return mean.map((average, c) =>
    Float32Array.from(
      { length: 256 },
      (_, value) =>
        Math.fround(Math.fround(value * rescaleFactor) - Math.fround(average)) / Math.fround(std[c]!),
    ),
  );
}

/**
 * Cut a window out of an image and normalize it; alpha is ignored. Outside the image the window is 0, which after
 * normalization is the mean colour.
 * @param window in pixels of the image, whole numbers
 * @returns [3, window.height, window.width]
 */
export function normalizeWindow(
  pixels: Pixels,
  window: { x: number; y: number; width: number; height: number },
  config: PreprocessConfig,
): Float32Array<ArrayBuffer> {
  const planeSize = window.width * window.height;
  const values = new Float32Array(3 * planeSize);
  const table = normalizedValues(config);
  const left = Math.max(0, -window.x);
  const right = Math.min(window.width, pixels.width - window.x);
  const bottom = Math.min(window.height, pixels.height - window.y);
  for (let c = 0; c < 3; c++) {
    const lookup = table[c]!;
    for (let y = Math.max(0, -window.y); y < bottom; y++) {
      const source = ((window.y + y) * pixels.width + window.x) * 4 + c;
      const target = c * planeSize + y * window.width;
      for (let x = left; x < right; x++) values[target + x] = lookup[pixels.data[source + 4 * x]!]!;
    }
  }
  return values;
}
