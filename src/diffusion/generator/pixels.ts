import type { Pixels } from '../../images/types.ts';

/** RGB in [−1, 1], [3, H, W], over white where the picture is transparent. */
export function toVaeInput({ width, height, data }: Pixels): Float32Array<ArrayBuffer> {
  const size = width * height;
  const values = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) {
    const alpha = data[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) {
      const value = data[4 * i + c]! * alpha + 255 * (1 - alpha);
      values[c * size + i] = value / 127.5 - 1;
    }
  }
  return values;
}

/** An image [3, H, W] in [−1, 1] as pixels, clipped. */
export function fromVaeOutput(values: Float32Array, width: number, height: number): Pixels {
  const size = width * height;
  const data = new Uint8ClampedArray(4 * size);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = Math.round((values[c * size + i]! + 1) * 127.5);
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}
