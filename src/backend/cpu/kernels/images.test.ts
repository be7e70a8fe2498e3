import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

const numbers = (count: number, seed: number) => Array.from(testNumbers(count, seed));

/** Images [N, H, W, C] from a function of image, row, column and channel. */
function images(
  [count, height, width, channels]: readonly [number, number, number, number],
  value: (image: number, row: number, column: number, channel: number) => number,
): number[] {
  return Array.from({ length: count * height * width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const row = Math.floor(pixel / width);
    return value(Math.floor(row / height), row % height, pixel % width, i % channels);
  });
}

const SIZES = [
  [1, 1, 1, 4],
  [2, 3, 5, 8],
  [3, 7, 2, 12],
  [2, 31, 33, 64],
] as const;

describe('images on the processor', () => {
  it.each([
    { top: 1, left: 1, dilation: 1, outHeight: 9, outWidth: 8 },
    { top: 0, left: 2, dilation: 2, outHeight: 14, outWidth: 13 },
    { top: -1, left: -2, dilation: 1, outHeight: 4, outWidth: 3 },
    { top: -1, left: -3, dilation: 2, outHeight: 6, outWidth: 5 },
    { top: 3, left: 9, dilation: 2, outHeight: 5, outWidth: 8 },
    { top: 2, left: -40, dilation: 1, outHeight: 5, outWidth: 8 },
    { top: 1, left: 2, dilation: 3, outHeight: 70, outWidth: 130 },
  ])('within zeros: $outHeight × $outWidth from ($top, $left), dilation $dilation', async (place) => {
    for (const [count, height, width, channels] of SIZES) {
      const x = numbers(count * height * width * channels, 1);
      const { outHeight, outWidth, top, left, dilation } = place;
      const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
        const y = room(count * outHeight * outWidth * channels);
        cpu.kernels.images.pad({ images: count, height, width, channels, ...place }, { x: put(x), y });
        return { y: await get(y) };
      });
      const expected = images([count, outHeight, outWidth, channels], (image, down, across, channel) => {
        const [row, column] = [(down - top) / dilation, (across - left) / dilation];
        const inside = [row, column].every((at) => Number.isInteger(at) && at >= 0);
        if (!inside || row >= height || column >= width) return 0;
        return x[((image * height + row) * width + column) * channels + channel]!;
      });
      expect([...y!]).toEqual(expected);
    }
  });

  it.each(SIZES)('enlarged and shrunk: %i of %i × %i × %i', async (count, height, width, channels) => {
    const shape = { images: count, height, width, channels };
    const size = count * height * width * channels;
    const [x, dy] = [numbers(size, 1), numbers(4 * size, 2)];
    const { y, dx } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const [y, dx] = [room(4 * size), room(size)];
      cpu.kernels.images.enlarge(shape, { x: put(x), y });
      cpu.kernels.images.shrink(shape, { dy: put(dy), dx });
      return { y: await get(y), dx: await get(dx) };
    });
    const at = (image: number, row: number, column: number, channel: number, times: number) =>
      ((image * height * times + row) * width * times + column) * channels + channel;
    expect([...y!]).toEqual(
      images([count, 2 * height, 2 * width, channels], (image, row, column, channel) => {
        return x[at(image, row >> 1, column >> 1, channel, 1)]!;
      }),
    );
    expect(dx!).toBeAllclose(
      images([count, height, width, channels], (image, row, column, channel) => {
        const four = [0, 1, 2, 3].map((i) => at(image, 2 * row + (i >> 1), 2 * column + (i & 1), channel, 2));
        return four.reduce((sum, i) => sum + dy[i]!, 0);
      }),
    );
  });

  it.each(SIZES)('with a vector for each: %i of %i × %i × %i', async (count, height, width, channels) => {
    const pixels = height * width;
    const [x, t] = [numbers(count * pixels * channels, 1), numbers(count * channels, 2)];
    const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const y = room(x.length);
      cpu.kernels.images.addPerImage({ images: count, pixels, channels }, { x: put(x), t: put(t), y });
      return { y: await get(y) };
    });
    const expected = images([count, pixels, 1, channels], (image, pixel, _, channel) => {
      return x[(image * pixels + pixel) * channels + channel]! + t[image * channels + channel]!;
    });
    expect(y!).toBeAllclose(expected);
  });

  it.each([
    [1, 1, 1, 1, 1],
    [2, 3, 9, 8, 4],
    [1, 3, 31, 45, 14],
    [3, 1, 7, 5, 5],
    [2, 3, 112, 98, 14],
  ])('%i images of %i × %i × %i as patches of %i', async (count, channels, height, width, side) => {
    const x = numbers(count * channels * height * width, 1);
    const [down, across] = [Math.floor(height / side), Math.floor(width / side)];
    const { rows } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const rows = room(count * down * across * channels * side * side);
      const shape = { images: count, channels, height, width, side };
      cpu.kernels.images.patches(shape, { pixels: put(x), rows });
      return { rows: await get(rows) };
    });
    const expected: number[] = [];
    for (let image = 0; image < count; image++)
      for (let i = 0; i < down; i++)
        for (let j = 0; j < across; j++)
          for (let c = 0; c < channels; c++)
            for (let u = 0; u < side; u++)
              for (let v = 0; v < side; v++)
                expected.push(x[((image * channels + c) * height + i * side + u) * width + j * side + v]!);
    expect([...rows!]).toEqual(expected);
  });
});
