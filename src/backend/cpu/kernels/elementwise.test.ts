import { describe, expect, it } from 'vitest';
import { Philox } from '../../../random/philox.ts';
import { type CpuBench, onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

/** Odd ones, and one that is shared out over tasks. */
const COUNTS = [1, 3, 4, 7, 17, 33, 65, 257, 100_003];

/** Run kernels on one and two threads; `run` writes a result [count] for each of its names. */
async function results<N extends string>(
  count: number,
  names: readonly N[],
  run: (bench: CpuBench, room: Record<N, ReturnType<CpuBench['room']>>) => void,
): Promise<Record<N, Float32Array>> {
  const found = await onAnyThreads(async (bench) => {
    const rooms = Object.fromEntries(names.map((name) => [name, bench.room(count)])) as Record<
      N,
      ReturnType<CpuBench['room']>
    >;
    run(bench, rooms);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await bench.get(rooms[name])] as const)),
    );
  });
  return found as Record<N, Float32Array>;
}

/** erf by its Maclaurin series, in f64: converges to 1e-12 for |x| < 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const cumulative = (x: number) => (1 + erf(x / Math.SQRT2)) / 2;
const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const gelu = (x: number) => x * cumulative(x);
const geluSlope = (x: number) => cumulative(x) + x * density(x);
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const silu = (x: number) => x * sigmoid(x);
const siluSlope = (x: number) => sigmoid(x) * (1 + x * (1 - sigmoid(x)));

/** Numbers of −spread to spread. */
const numbers = (count: number, seed: number, spread = 1) => Array.from(testNumbers(count, seed, spread));

describe('arithmetic on the processor', () => {
  it.each(COUNTS)('%i numbers', async (count) => {
    const [a, b, c] = [numbers(count, 1), numbers(count, 2), numbers(count, 3)];
    const names = ['fill', 'addInPlace', 'add', 'scale', 'scaleBy', 'one', 'seven'] as const;
    const found = await results(count, names, ({ cpu, put }, room) => {
      const kernels = cpu.kernels.elementwise;
      const [x, y, z] = [put(a), put(b), put(c)];
      kernels.fill(count, room.fill, 1.5);
      kernels.scale(count, { x, y: room.addInPlace }, 1);
      kernels.addInPlace(count, { y: room.addInPlace, x: y }, -0.25);
      kernels.add(count, { a: x, b: y, y: room.add }, 3);
      kernels.scale(count, { x, y: room.scale }, 0.1);
      kernels.scaleBy(count, { x, scalar: put([0.7]), y: room.scaleBy });
      kernels.linearCombination(count, [[2, x]], room.one);
      const terms = [x, y, z, x, y, z, x].map((tensor, i) => [i + 1, tensor] as const);
      kernels.linearCombination(count, terms, room.seven);
    });
    expect(found.fill).toEqual(new Float32Array(count).fill(1.5));
    expect(found.addInPlace).toBeAllclose(a.map((value, i) => value - 0.25 * b[i]!));
    expect(found.add).toBeAllclose(a.map((value, i) => value + 3 * b[i]!));
    expect(found.scale).toBeAllclose(a.map((value) => 0.1 * value));
    expect(found.scaleBy).toBeAllclose(a.map((value) => 0.7 * value));
    expect(found.one).toBeAllclose(a.map((value) => 2 * value));
    expect(found.seven).toBeAllclose(
      a.map((value, i) => 12 * value + 7 * b[i]! + 9 * c[i]!),
      { atol: 1e-5 },
    );
  });
});

describe('activations on the processor', () => {
  it.each(COUNTS)('%i numbers', async (count) => {
    const [x, dy] = [numbers(count, 1, 3.9), numbers(count, 2)];
    const found = await results(count, ['gelu', 'dGelu', 'silu', 'dSilu'], ({ cpu, put }, room) => {
      const inputs = { x: put(x), dy: put(dy) };
      cpu.kernels.gelu.forward(count, { x: inputs.x, y: room.gelu });
      cpu.kernels.gelu.backward(count, { ...inputs, dx: room.dGelu });
      cpu.kernels.silu.forward(count, { x: inputs.x, y: room.silu });
      cpu.kernels.silu.backward(count, { ...inputs, dx: room.dSilu });
    });
    const tight = { atol: 5e-7, rtol: 0 };
    expect(found.gelu).toBeAllclose(x.map(gelu), tight);
    expect(found.dGelu).toBeAllclose(
      x.map((value, i) => dy[i]! * geluSlope(value)),
      tight,
    );
    expect(found.silu).toBeAllclose(x.map(silu), tight);
    expect(found.dSilu).toBeAllclose(
      x.map((value, i) => dy[i]! * siluSlope(value)),
      tight,
    );
  });

  it('keep the tails: identity far right, zero far left, NaN for NaN', async () => {
    const x = [0, 20, -20, 1e30, -1e30, -6, -8, Number.NaN, Number.POSITIVE_INFINITY];
    const ones = x.map(() => 1);
    const found = await results(x.length, ['gelu', 'dGelu', 'silu', 'dSilu'], ({ cpu, put }, room) => {
      const inputs = { x: put(x), dy: put(ones) };
      cpu.kernels.gelu.forward(x.length, { x: inputs.x, y: room.gelu });
      cpu.kernels.gelu.backward(x.length, { ...inputs, dx: room.dGelu });
      cpu.kernels.silu.forward(x.length, { x: inputs.x, y: room.silu });
      cpu.kernels.silu.backward(x.length, { ...inputs, dx: room.dSilu });
    });
    const none = expect.closeTo(0, 20);
    const all = (values: Float32Array) => [...values];
    // x Φ(x) at −6 and −8 to many digits: relative, not absolute, accuracy.
    expect(found.gelu.slice(5, 7)).toBeAllclose([-5.919526e-9, -4.976769e-15], { rtol: 1e-5, atol: 0 });
    expect(all(found.gelu).toSpliced(5, 2)).toEqual([
      ...[0, 20, none, Math.fround(1e30), none, Number.NaN, Number.POSITIVE_INFINITY],
    ]);
    expect(all(found.dGelu).slice(0, 5)).toEqual([0.5, 1, none, 1, none]);
    expect(all(found.silu).slice(0, 5)).toEqual([
      ...[0, 20, expect.closeTo(silu(-20), 12), Math.fround(1e30), none],
    ]);
    expect(all(found.dSilu).slice(0, 2)).toEqual([0.5, expect.closeTo(1, 6)]);
    expect([found.dGelu[7], found.silu[7], found.dSilu[7]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it.each([
    [1, 4],
    [3, 12],
    [17, 20],
    [257, 384],
  ])('gated, %i rows of %i', async (rows, columns) => {
    const count = rows * columns;
    const [x, dy] = [numbers(2 * count, 1, 3.9), numbers(count, 2)];
    const found = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const inputs = { x: put(x), dy: put(dy) };
      const [y, dx] = [room(count), room(2 * count)];
      cpu.kernels.geglu.forward({ rows, columns }, { x: inputs.x, y });
      cpu.kernels.geglu.backward({ rows, columns }, { ...inputs, dx });
      return { y: await get(y), dx: await get(dx) };
    });
    const y: number[] = [];
    const dx: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = Math.floor(i / columns) * 2 * columns + (i % columns);
      const [h, g] = [x[at]!, x[at + columns]!];
      y[i] = h * gelu(g);
      dx[at] = dy[i]! * gelu(g);
      dx[at + columns] = dy[i]! * h * geluSlope(g);
    }
    const tight = { atol: 2e-6, rtol: 0 };
    expect(found.y).toBeAllclose(y, tight);
    expect(found.dx).toBeAllclose(dx, tight);
  });
});

describe('layer scale on the processor', () => {
  it.each([
    [1, 1],
    [5, 3],
    [3, 7],
    [9, 64],
    [1001, 65],
  ])('%i rows of %i', async (rows, columns) => {
    const count = rows * columns;
    const [x, gamma, residual] = [numbers(count, 1), numbers(columns, 2), numbers(count, 3)];
    const found = await results(count, ['alone', 'added', 'product'], ({ cpu, put }, room) => {
      const kernels = cpu.kernels.layerScale;
      const inputs = { x: put(x), gamma: put(gamma) };
      const other = put(residual);
      kernels.forward({ rows, columns }, { ...inputs, y: room.alone });
      kernels.forward({ rows, columns }, { ...inputs, residual: other, y: room.added });
      kernels.product({ rows, columns }, { a: inputs.x, b: other, y: room.product });
    });
    const scaled = x.map((value, i) => value * gamma[i % columns]!);
    expect(found.alone).toBeAllclose(scaled);
    expect(found.added).toBeAllclose(scaled.map((value, i) => value + residual[i]!));
    expect(found.product).toBeAllclose(x.map((value, i) => value * residual[i]!));
  });
});

describe('dropout on the processor', () => {
  it.each([1, 5, 31, 32, 33, 129, 100_003])('draws the words of Philox for %i numbers', async (count) => {
    const seed = 0x123_4567_89ab;
    const stream = 0x1f_fedc_ba98_7654;
    const firstBlock = 0xffff_fff0;
    const x = numbers(count, 1).map((value) => value + 2);
    const threshold = 0.3 * 2 ** 32;
    const halves = (value: number) => [value % 2 ** 32, Math.floor(value / 2 ** 32)] as const;
    const found = await results(count, ['y', 'all'], ({ cpu, put }, room) => {
      const shape = { count, seed: halves(seed), stream: halves(stream), scale: 1.25 };
      const inputs = { x: put(x) };
      cpu.kernels.dropout.apply({ ...shape, threshold, firstBlock }, { ...inputs, y: room.y });
      cpu.kernels.dropout.apply({ ...shape, threshold: 0, firstBlock }, { ...inputs, y: room.all });
    });
    // Blocks are counted in 32 bits.
    const words = new Philox(seed, stream).seek(firstBlock * 4);
    const expected = x.map((value, i) => {
      if (firstBlock * 4 + i === 2 ** 34) words.seek(0);
      return words.word() >= threshold ? value * 1.25 : 0;
    });
    expect(found.y).toBeAllclose(expected);
    expect(found.all).toBeAllclose(x.map((value) => value * 1.25));
  });
});
