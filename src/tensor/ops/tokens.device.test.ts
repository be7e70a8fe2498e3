import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { concat, concatColumns, concatRows } from './concat.ts';
import { prependTokens } from './concatTokens.ts';
import { gatherRows } from './gatherRows.ts';
import { meanTokens } from './meanTokens.ts';
import { selectToken, sliceColumns, sliceRows, sliceTokens } from './sliceRows.ts';

const iota = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

async function evaluate(context: Context, body: () => Tensor): Promise<number[]> {
  const y = context.scope(body);
  const values = [...(await context.read(y))];
  y.release();
  return values;
}

// Widths 4 and 8 take the vec4 path, 3 and 5 the scalar one.
describe.each([{ width: 4 }, { width: 3 }])('token plumbing, width $width', ({ width }) => {
  const at = (...rows: number[]) => rows.flatMap((row) => [...iota(width)].map((c) => row * width + c));

  it('slices rows, tokens and columns', async () => {
    const context = await testContext();
    const make = () => context.fromArray(iota(2 * 5 * width), [2, 5, width]);
    expect(await evaluate(context, () => sliceTokens(context, make(), 1, 3))).toEqual(at(1, 2, 6, 7));
    expect(await evaluate(context, () => selectToken(context, make(), 4))).toEqual(at(4, 9));
    expect(await evaluate(context, () => sliceRows(context, make(), 1, 2))).toEqual(at(5, 6, 7, 8, 9));
    const column = await evaluate(context, () => sliceColumns(context, make(), 1, 2));
    expect(column).toEqual([...iota(10)].map((row) => row * width + 1));
    expect(() => sliceTokens(context, make(), 3, 6)).toThrow('does not fit [2,5');
  });

  it('joins', async () => {
    const context = await testContext();
    const a = () => context.fromArray(iota(2 * width), [2, width]);
    expect(await evaluate(context, () => concatRows(context, [a(), a()]))).toEqual(at(0, 1, 0, 1));
    expect(await evaluate(context, () => concatColumns(context, [a(), a()]))).toEqual(at(0, 0, 1, 1));
    const b = () => context.fromArray(iota(width), [1, width]);
    expect(() => concatColumns(context, [a(), b()])).toThrow('does not fit');
  });

  it('averages tokens', async () => {
    const context = await testContext();
    const mean = await evaluate(context, () =>
      meanTokens(context, context.fromArray(iota(2 * 5 * width), [2, 5, width]), 2),
    );
    expect(mean).toBeAllclose(at(3, 8));
  });

  it('puts the class token first and adds positions', async () => {
    const context = await testContext();
    const y = await evaluate(context, () =>
      prependTokens(
        context,
        context.fromArray(new Float32Array(width).fill(100), [width]),
        context.fromArray(iota(2 * 2 * width), [2, 2, width]),
        context.fromArray(
          iota(3 * width).map((i) => 1000 * i),
          [3, width],
        ),
      ),
    );
    const bare = [...at(0).map(() => 100), ...at(0, 1), ...at(0).map(() => 100), ...at(2, 3)];
    expect(y).toEqual(bare.map((value, i) => value + 1000 * (i % (3 * width))));
  });

  it('puts registers behind the class token', async () => {
    const context = await testContext();
    const prefix = { shape: [3, width], values: testNumbers(3 * width, 1) };
    const patches = { shape: [2, 2, width], values: testNumbers(4 * width, 2) };
    const positions = { shape: [5, width], values: testNumbers(5 * width, 3) };
    const y = await evaluate(context, () =>
      prependTokens(
        context,
        context.fromArray(Float32Array.from(prefix.values), prefix.shape),
        context.fromArray(Float32Array.from(patches.values), patches.shape),
      ),
    );
    const rows = patches.values;
    expect(y).toBeAllclose([
      ...[...prefix.values, ...rows.slice(0, 2 * width), ...prefix.values, ...rows.slice(2 * width)],
    ]);
    await checkGradients(context, { prefix, patches, positions }, (given) =>
      prependTokens(context, given.prefix!, given.patches!, given.positions),
    );
  });

  it('gathers rows with repeats, and refuses an index outside', async () => {
    const context = await testContext();
    const x = () => context.fromArray(iota(4 * width), [4, width]);
    expect(await evaluate(context, () => gatherRows(context, x(), [3, 0, 3]))).toEqual(at(3, 0, 3));
    expect(() => gatherRows(context, x(), [0, 4])).toThrow('index 4 at 1');
  });

  it('differentiates all of it', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const x = { shape: [2, 5, width], values: testNumbers(10 * width, 1) };
    await checkGradients(context, { x }, ({ x }) => sliceTokens(context, x!, 1, 4));
    await checkGradients(context, { x }, ({ x }) => sliceColumns(context, x!, 1, 3));
    await checkGradients(context, { x }, ({ x }) => meanTokens(context, x!, 1, 4));
    await checkGradients(
      context,
      { x, z: { shape: [2, 2, width], values: testNumbers(4 * width, 2) } },
      ({ x, z }) => concat(context, [selfAsTwo(context, x!), z!], 1),
    );
    await checkGradients(
      context,
      {
        token: { shape: [1, 1, width], values: testNumbers(width, 3) },
        patches: x,
        positions: { shape: [6, width], values: testNumbers(6 * width, 4) },
      },
      ({ token, patches, positions }) => prependTokens(context, token!, patches!, positions),
    );
    await checkGradients(
      context,
      { rows: { shape: [5, width], values: testNumbers(5 * width, 5) } },
      ({ rows }) => gatherRows(context, rows!, [4, 1, 4, 4, 0]),
    );
    expect(context.memory.used).toBe(before);
  });
});

/** x beside itself along the tokens: its two gradients must add up. */
function selfAsTwo(context: Context, x: Tensor): Tensor {
  return concat(context, [x, x], 1);
}
