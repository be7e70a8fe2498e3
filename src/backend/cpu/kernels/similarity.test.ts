import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

describe('maps of similarity on the processor', () => {
  it.each([
    [1, 1],
    [3, 7],
    [5, 4],
    [7, 63],
    [65, 65],
    [257, 192],
    [1030, 385],
  ])('%i rows of %i', async (rows, columns) => {
    const [x, query] = [testNumbers(rows * columns, 1), testNumbers(columns, 2)];
    const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const y = room(rows);
      cpu.kernels.similarity.map({ rows, columns }, { x: put(x), query: put(query), y });
      return { y: await get(y) };
    });
    const expected = Array.from({ length: rows }, (_, i) =>
      query.reduce((sum, value, c) => sum + value * x[i * columns + c]!, 0),
    );
    expect(y).toBeAllclose(expected, { rtol: 1e-5, atol: 2e-6 * Math.sqrt(columns) });
  });
});
