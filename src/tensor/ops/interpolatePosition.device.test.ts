import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { bicubicMatrix, interpolatePosition } from './interpolatePosition.ts';
import golden from './testdata/positionTable.json';

describe('interpolatePosition', () => {
  it('equals transformers on the golden table, 5×5 to 4×4', async () => {
    const context = await testContext();
    const y = context.scope(() =>
      interpolatePosition(context, context.fromArray(golden.table.flat(), [26, 8]), 4, 4),
    );
    expect(y.shape).toEqual([17, 8]);
    expect(await context.read(y)).toBeAllclose(golden.interpolated.flat(), { atol: 1e-7, rtol: 1e-5 });
    y.release();
  });

  it('gives the table itself on its own grid', async () => {
    const context = await testContext();
    const table = context.fromArray(testNumbers(10 * 3), [1, 10, 3]);
    const y = context.scope(() => interpolatePosition(context, table, 3, 3));
    expect(y.shape).toEqual([10, 3]);
    expect(y.buffer).toBe(table.buffer);
    y.release();
    table.release();
  });

  it('keeps constants and, away from the border, straight lines on uneven grids', () => {
    const matrix = bicubicMatrix(9, 13);
    for (let i = 0; i < 13; i++) {
      const row = matrix.subarray(i * 9, (i + 1) * 9);
      const position = ((i + 0.5) * 9) / 13 - 0.5;
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      if (position >= 1 && position <= 7) {
        const line = row.reduce((sum, weight, j) => sum + weight * j, 0);
        // Cubic convolution reproduces lines exactly only for a = −½; in general it adds −(2a + 1) t(1 − t)(1 − 2t).
        const t = position - Math.floor(position);
        expect(line).toBeCloseTo(position + 0.5 * t * (1 - t) * (1 - 2 * t), 12);
      }
    }
    expect(bicubicMatrix(9, 13, 0.1)).not.toEqual(matrix);
  });

  it('differentiates', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(context, { table: { shape: [10, 5], values: testNumbers(50, 2) } }, ({ table }) =>
      interpolatePosition(context, table!, 2, 5),
    );
    expect(context.memory.used).toBe(before);
  });

  it('refuses a table that is no square grid', async () => {
    const context = await testContext();
    const table = context.zeros([9, 4]);
    expect(() => interpolatePosition(context, table, 2, 2)).toThrow('square grid');
    table.release();
  });
});
