import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';

/** Rows of an array. */
function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / columns }, (_, r) => all.slice(r * columns, (r + 1) * columns));
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]): number => sum(values) / values.length;
const product = (a: number[], b: number[]): number => sum(a.map((value, i) => value * b[i]!));

/** n = (x − mean)/√(var + ε), and the gradient of x from that of n. */
function standardize(x: number[], epsilon: number) {
  const center = mean(x);
  const rstd = 1 / Math.sqrt(mean(x.map((value) => (value - center) ** 2)) + epsilon);
  const n = x.map((value) => (value - center) * rstd);
  const gradient = (g: number[]) => {
    const along = product(g, n) / n.length;
    const middle = mean(g);
    return g.map((value, i) => rstd * (value - middle - n[i]! * along));
  };
  return { n, stats: [center, rstd], gradient };
}

describe('layer normalization on the processor', () => {
  it.each([
    [1, 1],
    [3, 5],
    [37, 20],
    [7, 63],
    [1103, 8],
    [257, 384],
  ])('%i rows of %i', async (rows, columns) => {
    const x = testNumbers(rows * columns, 1, 3).map((value) => value + 100);
    const dy = testNumbers(rows * columns, 2);
    const [gamma, beta] = [testNumbers(columns, 3).map((value) => value + 1.5), testNumbers(columns, 4)];
    const shape = { rows, columns, epsilon: 1e-4 };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const kernels = cpu.kernels.layerNorm;
      const inputs = { x: put(x), gamma: put(gamma), stats: room(rows * 2), dy: put(dy) };
      const y = room(x.length);
      const [dx, dgamma, dbeta] = [room(x.length), room(columns), room(columns)];
      const [dxAlone, dgammaAlone] = [room(x.length), room(columns)];
      kernels.forward(shape, { ...inputs, beta: put(beta), y });
      kernels.backward(shape, { ...inputs, dx, dgamma, dbeta });
      kernels.backward(shape, { ...inputs, dx: dxAlone });
      kernels.backward(shape, { ...inputs, dgamma: dgammaAlone });
      return {
        ...{ y: await get(y), stats: await get(inputs.stats), dx: await get(dx) },
        ...{ dgamma: await get(dgamma), dbeta: await get(dbeta) },
        ...{ dxAlone: await get(dxAlone), dgammaAlone: await get(dgammaAlone) },
      };
    });
    const dys = rowsOf(dy, columns);
    const all = rowsOf(x, columns).map((row) => standardize(row, shape.epsilon));
    const expected = {
      y: all.flatMap(({ n }) => n.map((value, c) => value * gamma[c]! + beta[c]!)),
      stats: all.flatMap(({ stats }) => stats),
      dx: all.flatMap(({ gradient }, r) => gradient(dys[r]!.map((value, c) => value * gamma[c]!))),
      dgamma: Array.from(gamma, (_, c) => sum(all.map(({ n }, r) => n[c]! * dys[r]![c]!))),
      dbeta: Array.from(gamma, (_, c) => sum(dys.map((row) => row[c]!))),
    };
    // A mean of 100 costs two digits of the deviations; with one column there is nothing but ε.
    expect(result.y).toBeAllclose(expected.y, { atol: 1e-4, rtol: 1e-4 });
    expect(result.stats).toBeAllclose(expected.stats, { rtol: 1e-5 });
    expect(result.dx).toBeAllclose(expected.dx, { atol: 1e-4, rtol: 1e-4 });
    expect(result.dgamma).toBeAllclose(expected.dgamma, { atol: 1e-3, rtol: 1e-4 });
    expect(result.dbeta).toBeAllclose(expected.dbeta, { atol: 1e-5, rtol: 1e-5 });
    expect(result.dxAlone).toEqual(result.dx);
    expect(result.dgammaAlone).toEqual(result.dgamma);
  });
});

describe('group normalization on the processor', () => {
  it.each([
    { images: 2, pixels: 35, channels: 12, groups: 4, silu: false },
    { images: 2, pixels: 35, channels: 12, groups: 4, silu: true },
    { images: 1, pixels: 9, channels: 20, groups: 4, silu: true },
    { images: 3, pixels: 5003, channels: 8, groups: 2, silu: true },
    { images: 1, pixels: 1, channels: 8, groups: 1, silu: false },
  ])('$images × $pixels pixels of $channels channels in $groups groups, SiLU $silu', async (sizes) => {
    const { images, pixels, channels, groups, silu } = sizes;
    const count = images * pixels * channels;
    const shape = { ...sizes, epsilon: 1e-3 };
    // A mean far from zero: a sum of squares in f32 would lose the variance.
    const x = testNumbers(count, 1).map((value, i) => value + 200 + 0.1 * (i % channels));
    const dy = testNumbers(count, 2);
    const [gamma, beta] = [testNumbers(channels, 3).map((value) => value + 1.5), testNumbers(channels, 4)];
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const kernels = cpu.kernels.groupNorm;
      const parameters = { gamma: put(gamma), beta: put(beta) };
      const inputs = { x: put(x), dy: put(dy), stats: room(images * groups * 2), ...parameters };
      const [y, dx, dgamma, dbeta] = [room(count), room(count), room(channels), room(channels)];
      const dbetaAlone = room(channels);
      kernels.forward(shape, { ...inputs, y });
      kernels.backward(shape, { ...inputs, dx, dgamma, dbeta });
      kernels.backward(shape, { ...inputs, dbeta: dbetaAlone });
      return {
        ...{ y: await get(y), stats: await get(inputs.stats), dx: await get(dx) },
        ...{ dgamma: await get(dgamma), dbeta: await get(dbeta), dbetaAlone: await get(dbetaAlone) },
      };
    });
    const size = channels / groups;
    const expected = {
      y: new Array<number>(count),
      stats: [] as number[],
      dx: new Array<number>(count),
      dgamma: new Array<number>(channels).fill(0),
      dbeta: new Array<number>(channels).fill(0),
    };
    for (let unit = 0; unit < images * groups; unit++) {
      const from = Math.floor(unit / groups) * pixels * channels + (unit % groups) * size;
      const places = Array.from(
        { length: pixels * size },
        (_, i) => from + Math.floor(i / size) * channels + (i % size),
      );
      const { n, stats, gradient } = standardize(
        places.map((at) => x[at]!),
        shape.epsilon,
      );
      expected.stats.push(...stats);
      const dz = places.map((at, i) => {
        const z = n[i]! * gamma[at % channels]! + beta[at % channels]!;
        const sigmoid = 1 / (1 + Math.exp(-z));
        expected.y[at] = silu ? z * sigmoid : z;
        return dy[at]! * (silu ? sigmoid * (1 + z * (1 - sigmoid)) : 1);
      });
      const gradients = gradient(dz.map((value, i) => value * gamma[places[i]! % channels]!));
      places.forEach((at, i) => {
        expected.dx[at] = gradients[i]!;
        expected.dgamma[at % channels]! += dz[i]! * n[i]!;
        expected.dbeta[at % channels]! += dz[i]!;
      });
    }
    expect(result.y).toBeAllclose(expected.y, { atol: 3e-4, rtol: 1e-4 });
    expect(result.stats).toBeAllclose(expected.stats, { rtol: 1e-5 });
    expect(result.dx).toBeAllclose(expected.dx, { atol: 5e-4, rtol: 1e-3 });
    expect(result.dgamma).toBeAllclose(expected.dgamma, { atol: 5e-3, rtol: 1e-3 });
    expect(result.dbeta).toBeAllclose(expected.dbeta, { atol: 1e-3, rtol: 1e-4 });
    expect(result.dbetaAlone).toEqual(result.dbeta);
  });
});

describe('rows of unit length on the processor', () => {
  it.each([
    [5, 7],
    [1, 1],
    [67, 4],
    [9, 260],
    [3001, 33],
  ])('%i rows of %i, of which the second is zero', async (rows, columns) => {
    const x = testNumbers(rows * columns, 1, 3);
    if (rows > 1) x.fill(0, columns, 2 * columns);
    const dy = testNumbers(rows * columns, 2);
    const shape = { rows, columns, eps: 0.25 };
    const selection = { kept: rows, period: rows, skipped: 0 };
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const [y, norms, dx] = [room(x.length), room(rows), room(x.length)];
      cpu.kernels.normalize.forward({ ...shape, ...selection }, { x: put(x), y, norms });
      cpu.kernels.normalize.backward(shape, { y, norms, dy: put(dy), dx });
      return { y: await get(y), norms: await get(norms), dx: await get(dx) };
    });
    const dys = rowsOf(dy, columns);
    const all = rowsOf(x, columns).map((row, r) => {
      const length = Math.hypot(...row);
      const norm = Math.max(length, shape.eps);
      const y = row.map((value) => value / norm);
      const along = length > shape.eps ? product(y, dys[r]!) : 0;
      return { norm, y, dx: dys[r]!.map((value, c) => (value - y[c]! * along) / norm) };
    });
    const flat = (name: 'y' | 'dx') => all.flatMap((row) => row[name]);
    expect(result.norms).toBeAllclose(
      all.map(({ norm }) => norm),
      { rtol: 1e-6 },
    );
    expect(result.y).toBeAllclose(flat('y'), { atol: 1e-6 });
    expect(result.dx).toBeAllclose(flat('dx'), { atol: 2e-6, rtol: 1e-5 });
  });

  it('reads the last rows of every period', async () => {
    const x = testNumbers(3 * 7 * 8, 6);
    const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const result = room(15 * 8);
      cpu.kernels.normalize.forward(
        { rows: 15, columns: 8, eps: 1e-12, kept: 5, period: 7, skipped: 2 },
        { x: put(x), y: result, norms: room(15) },
      );
      return { y: await get(result) };
    });
    const kept = rowsOf(x, 8).filter((_, row) => row % 7 >= 2);
    expect(y).toBeAllclose(
      kept.flatMap((row) => row.map((value) => value / Math.hypot(...row))),
      { atol: 1e-6 },
    );
  });
});

describe('softmax on the processor', () => {
  it.each([
    [19, 1],
    [21, 7],
    [3, 150],
    [700, 65],
  ])('%i rows of %i, also of large numbers', async (rows, columns) => {
    const x = testNumbers(rows * columns, 1, 90);
    const dy = testNumbers(rows * columns, 2);
    const result = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const [y, dx] = [room(x.length), room(x.length)];
      cpu.kernels.softmax.forward({ rows, columns }, { x: put(x), y });
      cpu.kernels.softmax.backward({ rows, columns }, { y, dy: put(dy), dx });
      return { y: await get(y), dx: await get(dx) };
    });
    const dys = rowsOf(dy, columns);
    const all = rowsOf(x, columns).map((row, r) => {
      const top = Math.max(...row);
      const weights = row.map((value) => Math.exp(value - top));
      const y = weights.map((weight) => weight / sum(weights));
      const along = product(y, dys[r]!);
      return { y, dx: y.map((value, c) => value * (dys[r]![c]! - along)) };
    });
    expect(result.y).toBeAllclose(
      all.flatMap(({ y }) => y),
      { atol: 1e-7, rtol: 1e-5 },
    );
    expect(result.dx).toBeAllclose(
      all.flatMap(({ dx }) => dx),
      { atol: 1e-6, rtol: 1e-5 },
    );
  });
});
