import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

describe('weighted mean squared error on the processor', () => {
  it.each([
    [1, 1],
    [3, 5],
    [257, 4],
    [9001, 4],
    [65, 63],
    [1, 65_541],
    [3, 20_003],
  ])('%i rows of %i', async (rows, columns) => {
    const count = rows * columns;
    const [prediction, target] = [testNumbers(count, 1), testNumbers(count, 2, 2)];
    const weights = testNumbers(rows, 3).map((value) => value + 1);
    const shape = { count, columns, factor: 1.5 };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const operands = { prediction: put(prediction), target: put(target), weights: put(weights) };
      const [loss, gradient] = [room(1), room(count)];
      cpu.kernels.weightedMse.loss(shape, { ...operands, loss });
      cpu.kernels.weightedMse.gradient(shape, { ...operands, dy: put([-0.5]), gradient });
      return { loss: await get(loss), gradient: await get(gradient) };
    });
    let loss = 0;
    const gradient = Float64Array.from(prediction, (value, i) => {
      const difference = value - target[i]!;
      const factor = (1.5 / count) * weights[Math.floor(i / columns)]!;
      loss += factor * difference ** 2;
      return 2 * factor * difference * -0.5;
    });
    expect(result.loss).toBeAllclose([loss], { rtol: 1e-6 });
    expect(result.gradient).toBeAllclose(gradient, { rtol: 1e-6, atol: 0 });
  });
});
