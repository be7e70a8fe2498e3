import { describe, expect, it } from 'vitest';
import { onAnyThreads } from '../../../testing/cpuKernels.ts';
import { testNumbers } from '../../../testing/gradients.ts';
import type { StridedSum } from '../../families/rows.ts';

const numbers = (count: number, seed: number) => Array.from(testNumbers(count, seed));
/** A list of f(0) to f(count − 1). */
const list = (count: number, f: (i: number) => number) => Array.from({ length: count }, (_, i) => f(i));
/** Whole numbers as they lie in memory that is read as u32. */
const asBits = (whole: readonly number[]) => new Float32Array(Uint32Array.from(whole).buffer);

/** Rows and their width: narrow, odd, with and without a tail, and some that are shared out over tasks. */
const SHAPES = [
  [1, 1],
  [5, 3],
  [7, 5],
  [63, 65],
  [3, 257],
  [1, 100_003],
  [1501, 96],
] as const;

describe('moving rows on the processor', () => {
  it.each(SHAPES)('copies %i rows of %i out of wider ones into wider ones', async (rows, width) => {
    const [xStride, yStride] = [width + 3, width + 5];
    const x = numbers(rows * xStride, 1);
    const { y, flat } = await onAnyThreads(async ({ cpu, put, get }) => {
      const source = put(x);
      const y = put(new Float32Array(rows * yStride).fill(7));
      const flat = put(new Float32Array(rows * width));
      const shape = { rows, width, xStride, yStride };
      cpu.kernels.rows.copy({ ...shape, xOffset: 2, yOffset: 1 }, { x: source, y });
      const dense = { rows, width, xStride: width, xOffset: 3, yStride: width, yOffset: 0 };
      cpu.kernels.rows.copy(dense, { x: source, y: flat });
      return { y: await get(y), flat: await get(flat) };
    });
    const inside = (i: number) => i >= 1 && i < 1 + width;
    const place = (i: number) => Math.floor(i / yStride) * xStride + (i % yStride) + 1;
    expect([...y!]).toEqual(list(rows * yStride, (i) => (inside(i % yStride) ? x[place(i)]! : 7)));
    expect([...flat!]).toEqual(x.slice(3, 3 + rows * width));
  });

  it.each(SHAPES)('places %i blocks of %i between zeros', async (rows, blockWidth) => {
    const width = blockWidth + 9;
    const x = numbers(rows * blockWidth, 1);
    for (const offset of [0, 4, 9]) {
      const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
        const y = room(rows * width);
        cpu.kernels.rows.place({ rows, width, offset, blockWidth }, { x: put(x), y });
        return { y: await get(y) };
      });
      const column = (i: number) => (i % width) - offset;
      const value = (i: number) => x[Math.floor(i / width) * blockWidth + column(i)]!;
      const expected = list(rows * width, (i) => (column(i) >= 0 && column(i) < blockWidth ? value(i) : 0));
      expect([...y!]).toEqual(expected);
    }
  });

  it.each(SHAPES)('spreads rows over tokens: %i rows of %i', async (outer, width) => {
    const [count, begin, end, scale] = [4, 1, 3, 0.5];
    const x = numbers(outer * width, 1);
    const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const y = room(outer * count * width);
      cpu.kernels.rows.spread({ outer, count, width, begin, end, scale }, { x: put(x), y });
      return { y: await get(y) };
    });
    const value = (i: number) => {
      const t = Math.floor(i / width) % count;
      return t >= begin && t < end ? scale * x[Math.floor(i / width / count) * width + (i % width)]! : 0;
    };
    expect([...y!]).toEqual(list(outer * count * width, value));
  });

  it.each(SHAPES)('gathers from and adds into %i rows of %i', async (rows, width) => {
    const places = 2 * rows + 1;
    const indices = list(places, (i) => (i * 7 + (i >> 2)) % rows);
    const perRow = list(rows, (r) => r).map((r) => list(places, (i) => i).filter((i) => indices[i] === r));
    const starts = list(rows + 1, (r) => indices.filter((index) => index < r).length);
    const [x, dy] = [numbers(rows * width, 1), numbers(places * width, 2)];
    const { y, dx } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const [y, dx] = [room(places * width), room(rows * width)];
      const shape = { rows: places, width };
      cpu.kernels.rows.gather(shape, { x: put(x), indices: put(asBits(indices)), y });
      const tables = { starts: put(asBits(starts)), sources: put(asBits(perRow.flat())) };
      cpu.kernels.rows.scatterAdd({ rows, width, entries: places }, { x: put(dy), ...tables, y: dx });
      return { y: await get(y), dx: await get(dx) };
    });
    const from = (i: number) => indices[Math.floor(i / width)]! * width + (i % width);
    expect([...y!]).toEqual(list(places * width, (i) => x[from(i)]!));
    const sum = (i: number) =>
      perRow[Math.floor(i / width)]!.reduce((total, k) => total + dy[k * width + (i % width)]!, 0);
    expect(dx!).toBeAllclose(list(rows * width, sum));
  });

  it.each([
    [1, 1, 1, 1],
    [3, 5, 7, 1],
    [2, 257, 64, 1],
    [5, 1, 65, 1],
    [3, 6, 7, 5],
    [2, 256, 64, 5],
  ])('prepends to %i sequences of %i tokens of %i %i tokens', async (batch, patches, width, prefix) => {
    const tokens = patches + prefix;
    const [token, x, positions] = [
      numbers(prefix * width, 1),
      numbers(batch * patches * width, 2),
      numbers(tokens * width, 3),
    ];
    const { alone, placed } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const inputs = { token: put(token), x: put(x) };
      const [alone, placed] = [room(batch * tokens * width), room(batch * tokens * width)];
      const shape = { batch, tokens, prefix, width };
      cpu.kernels.rows.prepend(shape, { ...inputs, y: alone });
      cpu.kernels.rows.prepend(shape, { ...inputs, positions: put(positions), y: placed });
      return { alone: await get(alone), placed: await get(placed) };
    });
    const value = (i: number) => {
      const row = Math.floor(i / width);
      const [b, t] = [Math.floor(row / tokens), row % tokens];
      const column = i % width;
      return t < prefix ? token[t * width + column]! : x[(b * patches + t - prefix) * width + column]!;
    };
    const expected = list(batch * tokens * width, value);
    expect([...alone!]).toEqual(expected);
    expect(placed!).toBeAllclose(expected.map((v, i) => v + positions[i % (tokens * width)]!));
  });
});

describe('strided sums on the processor', () => {
  it.each<[string, StridedSum]>([
    ['mean of tokens', { outer: 3, width: 7, count: 5, offset: 7, outerStride: 42, stride: 7, scale: 0.2 }],
    ['one term', { outer: 2, width: 1, count: 1, offset: 3, outerStride: 5, stride: 9, scale: 1 }],
    [
      'pixels of images',
      { outer: 2, width: 64, count: 1031, offset: 0, outerStride: 64 * 1031, stride: 64, scale: 1 },
    ],
    [
      'wide rows',
      { outer: 1, width: 10_007, count: 9, offset: 1, outerStride: 0, stride: 10_010, scale: -2 },
    ],
  ])('%s', async (_, shape) => {
    const { outer, width, count, offset, outerStride, stride, scale } = shape;
    const x = numbers(offset + (outer - 1) * outerStride + (count - 1) * stride + width, 1);
    const { y } = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const y = room(outer * width);
      cpu.kernels.rows.sum(shape, { x: put(x), y });
      return { y: await get(y) };
    });
    const value = (i: number) => {
      const first = offset + Math.floor(i / width) * outerStride + (i % width);
      return scale * list(count, (t) => x[first + t * stride]!).reduce((sum, term) => sum + term, 0);
    };
    expect(y!).toBeAllclose(list(outer * width, value), { atol: 2e-5 });
  });
});

describe('sums on the processor', () => {
  it.each([
    ...SHAPES,
    [5000, 1],
    [64, 9],
    [65, 9],
    [4100, 33],
  ] as const)('of %i rows of %i', async (rows, columns) => {
    const count = rows * columns;
    const x = numbers(count, 1);
    const found = await onAnyThreads(async ({ cpu, put, room, get }) => {
      const reduce = cpu.kernels.reduce;
      const source = put(x);
      const [all, squares, byRow, byColumn] = [room(1), room(1), room(rows), room(columns)];
      reduce.all({ count, squares: false, factor: 0.5 }, { x: source, y: all });
      reduce.all({ count, squares: true, factor: 2 }, { x: source, y: squares });
      reduce.rows({ rows, columns }, { x: source, y: byRow });
      reduce.columns({ rows, columns }, { x: source, y: byColumn });
      return {
        ...{ all: await get(all), squares: await get(squares) },
        ...{ rows: await get(byRow), columns: await get(byColumn) },
      };
    });
    const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
    const tolerance = { rtol: 2e-6, atol: 2e-7 * count ** 0.5 };
    expect(found.all!).toBeAllclose([0.5 * total(x)], tolerance);
    expect(found.squares!).toBeAllclose([2 * total(x.map((value) => value * value))], tolerance);
    const row = (r: number) => total(x.slice(r * columns, (r + 1) * columns));
    expect(found.rows!).toBeAllclose(list(rows, row), tolerance);
    const column = (c: number) => total(list(rows, (r) => x[r * columns + c]!));
    expect(found.columns!).toBeAllclose(list(columns, column), tolerance);
  });

  it.each(SHAPES)('and their gradients, %i rows of %i', async (rows, columns) => {
    const count = rows * columns;
    const x = numbers(count, 1);
    const sources = {
      all: () => 0,
      rows: (i: number) => Math.floor(i / columns),
      columns: (i: number) => i % columns,
    };
    for (const over of ['all', 'rows', 'columns'] as const) {
      const dy = numbers({ all: 1, rows, columns }[over], 2);
      const { plain, squared } = await onAnyThreads(async ({ cpu, put, room, get }) => {
        const gradient = put(dy);
        const [plain, squared] = [room(count), room(count)];
        const shape = { count, columns, over, factor: 0.3 };
        cpu.kernels.reduce.spread(shape, { dy: gradient, dx: plain });
        cpu.kernels.reduce.spread(shape, { dy: gradient, dx: squared, squared: put(x) });
        return { plain: await get(plain), squared: await get(squared) };
      });
      const expected = list(count, (i) => 0.3 * dy[sources[over](i)]!);
      expect(plain!).toBeAllclose(expected);
      expect(squared!).toBeAllclose(expected.map((value, i) => value * 2 * x[i]!));
    }
  });
});

it('sums of nothing are zeros', async () => {
  const sums = await onAnyThreads(async ({ cpu, put, get }) => {
    const x = put(new Float32Array(4).fill(5));
    const [columns, rows, strided] = [1, 2, 3].map(() => put(new Float32Array(4).fill(7)));
    cpu.kernels.reduce.columns({ rows: 0, columns: 4 }, { x, y: columns! });
    cpu.kernels.reduce.rows({ rows: 4, columns: 0 }, { x, y: rows! });
    const nothing = { outer: 1, width: 4, count: 0, offset: 0, outerStride: 4, stride: 4, scale: 1 };
    cpu.kernels.rows.sum(nothing, { x, y: strided! });
    return { columns: await get(columns!), rows: await get(rows!), strided: await get(strided!) };
  });
  for (const y of Object.values(sums)) expect([...y!]).toEqual([0, 0, 0, 0]);
});
