import { afterAll, describe, expect, it } from 'vitest';
import { testNumbers } from '../../../testing/gradients.ts';
import { testHalves } from '../../../testing/halves.ts';
import type { GemmProblem } from '../../families/matrix.ts';
import type { CpuBackend } from '../backend.ts';
import { createCpuBackend } from '../create.ts';
import { shares } from './matrix.ts';

const backends = await Promise.all(
  [1, 2].map(async (threads) => (await createCpuBackend({ threads })).backend),
);
afterAll(() => {
  for (const backend of backends) backend.destroy();
});

interface Case extends Partial<GemmProblem> {
  m: number;
  n: number;
  k: number;
  bias?: boolean;
  addend?: 'separate' | 'in place';
  half?: boolean;
}

/** All dense, unless the case says otherwise. */
function problemOf({
  m,
  n,
  k,
  batch = 1,
  transposeA = false,
  transposeB = false,
  ...rest
}: Case): GemmProblem {
  return {
    ...{ m, n, k, batch, transposeA, transposeB },
    lda: rest.lda ?? (transposeA ? m : k),
    ldb: rest.ldb ?? (transposeB ? k : n),
    ldc: rest.ldc ?? n,
    strideA: rest.strideA ?? m * k,
    strideB: rest.strideB ?? n * k,
    strideC: rest.strideC ?? m * n,
    ...(rest.stackB && { stackB: rest.stackB }),
  };
}

const values = (count: number, seed: number) => testNumbers(count, seed) as Float32Array<ArrayBuffer>;

async function run(cpu: CpuBackend, given: Case): Promise<Float32Array> {
  const problem = problemOf(given);
  const { m, n, k, batch, lda, ldb, ldc, strideA, strideB, strideC } = problem;
  const sizes = {
    a: strideA * (batch - 1) + lda * (problem.transposeA ? k : m),
    b: strideB * (batch - 1) + ldb * (problem.transposeB ? n : k) * (problem.stackB ?? 1),
    c: strideC * (batch - 1) + ldc * m,
  };
  const put = (data: Float32Array | Uint16Array) => {
    const block = cpu.alloc(data.byteLength, 'test');
    cpu.upload(block, data as Float32Array<ArrayBuffer>);
    return block;
  };
  const a = put(values(sizes.a, 1));
  const b = put(given.half ? testHalves(sizes.b, 2).bits : values(sizes.b, 2));
  const c = put(values(sizes.c, 3));
  const bias = given.bias ? put(values(n, 4)) : undefined;
  const addend = given.addend === 'separate' ? put(values(sizes.c, 5)) : given.addend ? c : undefined;
  cpu.kernels.matrix.gemm(problem, {
    ...{ a, b: { storage: b, half: given.half ?? false }, c, bias, addend, alpha: 0.5 },
  });
  const result = new Float32Array(await cpu.read(c, sizes.c * 4));
  for (const block of [a, b, c, bias, addend === c ? undefined : addend]) if (block) cpu.free(block);
  return result;
}

function reference(given: Case): Float32Array {
  const problem = problemOf(given);
  const { m, n, k, batch, transposeA, transposeB, lda, ldb, ldc, strideA, strideB, strideC } = problem;
  const a = values(strideA * (batch - 1) + lda * (transposeA ? k : m), 1);
  const bSize = strideB * (batch - 1) + ldb * (transposeB ? n : k);
  const b = given.half ? testHalves(bSize, 2).values : values(bSize, 2);
  const cSize = strideC * (batch - 1) + ldc * m;
  const c = values(cSize, 3);
  const addend = given.addend === 'separate' ? values(cSize, 5) : c.slice();
  const bias = values(n, 4);
  for (let z = 0; z < batch; z++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const x = a[z * strideA + (transposeA ? p * lda + i : i * lda + p)]!;
          sum += x * b[z * strideB + (transposeB ? j * ldb + p : p * ldb + j)]!;
        }
        const at = z * strideC + i * ldc + j;
        c[at] = 0.5 * sum + (given.bias ? bias[j]! : 0) + (given.addend ? addend[at]! : 0);
      }
    }
  }
  return c;
}

const CASES: Case[] = [
  { m: 1, n: 1, k: 1 },
  { m: 5, n: 7, k: 3 },
  { m: 6, n: 8, k: 4 },
  { m: 7, n: 9, k: 65, bias: true },
  { m: 257, n: 30, k: 19, bias: true, addend: 'separate' },
  { m: 63, n: 192, k: 48, addend: 'in place' },
  { m: 40, n: 24, k: 16, lda: 20, ldb: 28, ldc: 32, addend: 'in place' },
  { m: 13, n: 8, k: 9, ldb: 11, ldc: 17 },
  { m: 9, n: 17, k: 12, batch: 3, bias: true },
  { m: 33, n: 16, k: 8, batch: 5, strideB: 0 },
  { m: 33, n: 16, k: 8, batch: 2, strideA: 0, addend: 'separate' },
];

describe.each(backends.map((cpu) => ({ threads: cpu.threads, cpu })))('products on $threads threads', ({
  cpu,
}) => {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      it.each(
        CASES,
      )(`equal plain loops, A${transposeA ? 'ᵀ' : ''}·B${transposeB ? 'ᵀ' : ''}: %o`, async (given) => {
        const { lda, ldb, ...rest } = given;
        const both = { ...(transposeA || transposeB ? rest : given), transposeA, transposeB };
        expect(await run(cpu, both)).toBeAllclose(reference(both), { atol: 2e-5, rtol: 1e-5 });
      });
    }
  }

  it('add up many rows of A stored by columns, part by part', async () => {
    const given: Case = { m: 16, n: 40, k: 1300, transposeA: true, bias: true, addend: 'separate' };
    expect(await run(cpu, given)).toBeAllclose(reference(given), { atol: 2e-4, rtol: 1e-5 });
  });

  it('read B as a stack of transposed matrices', async () => {
    const [m, n, depth, stackB] = [30, 12, 8, 3];
    const k = depth * stackB;
    const stacked: Case = { m, n, k, transposeB: true, ldb: depth, stackB };
    const stack = values(n * k, 2);
    // The same numbers with the matrices side by side.
    const wide = Float32Array.from({ length: n * k }, (_, i) => {
      const [row, column] = [Math.floor(i / k), i % k];
      return stack[(Math.floor(column / depth) * n + row) * depth + (column % depth)]!;
    });
    const a = values(m * k, 1);
    const expected = Array.from({ length: m * n }, (_, i) => {
      const [row, column] = [Math.floor(i / n), i % n];
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[row * k + p]! * wide[column * k + p]!;
      return sum / 2;
    });
    expect(await run(cpu, stacked)).toBeAllclose(expected, { atol: 2e-5, rtol: 1e-5 });
  });

  it.each([true, false])('read f16, transposed: %s', async (transposeB) => {
    const given: Case = { m: 11, n: 28, k: 36, transposeB, half: true, bias: true };
    expect(await run(cpu, given)).toBeAllclose(reference(given), { atol: 2e-5, rtol: 1e-5 });
  });
});

describe('shares', () => {
  it.each([
    // A convolution of the built-in generator at its smallest images: by columns, evenly.
    { m: 64, n: 288, k: 2592, expected: { rowsPerTask: 65, columnsPerTask: 40 } },
    { m: 6168, n: 576, k: 192, expected: { rowsPerTask: 80, columnsPerTask: 576 } },
    { m: 257, n: 768, k: 192, expected: { rowsPerTask: 65, columnsPerTask: 384 } },
    { m: 1, n: 8, k: 4, expected: { rowsPerTask: 5, columnsPerTask: 8 } },
  ])('are equal, and large enough: $m × $n × $k', ({ m, n, k, expected }) => {
    expect(shares(m, n, k, 1, 2)).toEqual(expected);
  });

  it('keep tasks short, whatever the size', () => {
    for (const [m, n, k] of [
      [20_000, 4096, 1024],
      [1, 50_000, 1024],
      [16, 3072, 60_000],
    ] as const) {
      const { rowsPerTask, columnsPerTask } = shares(m, n, k, 1, 2);
      expect(rowsPerTask).toBeLessThanOrEqual(400);
      // At 40 GFLOP/s this is under ten milliseconds.
      expect(Math.min(m, rowsPerTask) * columnsPerTask * k).toBeLessThan(2e8);
    }
  });
});

describe('products', () => {
  it('give the same bits on one thread and on two', async () => {
    const given: Case = { m: 514, n: 200, k: 300, bias: true };
    const [one, two] = await Promise.all(backends.map((cpu) => run(cpu, given)));
    expect(one).toEqual(two);
  });

  it('give their memory back', async () => {
    for (const cpu of backends) expect(cpu.memory().used).toBe(0);
  });

  it('sum partial results with their epilogue', async () => {
    const cpu = backends[1]!;
    const [rows, n, splits] = [9, 7, 3];
    const count = rows * n;
    const partial = cpu.alloc(count * splits * 4, 'partial');
    const bias = cpu.alloc(n * 4, 'bias');
    const c = cpu.alloc(count * 4, 'c');
    cpu.upload(partial, values(count * splits, 1));
    cpu.upload(bias, values(n, 2));
    cpu.upload(c, values(count, 3));
    cpu.kernels.matrix.combine({ count, n, splits }, partial, { c, bias, addend: c, alpha: 2 });
    const p = values(count * splits, 1);
    const expected = Array.from(
      { length: count },
      (_, i) => 2 * (p[i]! + p[count + i]! + p[2 * count + i]!) + values(n, 2)[i % n]! + values(count, 3)[i]!,
    );
    expect(new Float32Array(await cpu.read(c, count * 4))).toBeAllclose(expected);
    for (const block of [partial, bias, c]) cpu.free(block);
  });

  it.each([
    { rows: 5, columns: 7, transpose: true, outColumns: 8 },
    { rows: 21, columns: 34, transpose: false, outColumns: 36 },
    { rows: 40, columns: 33, transpose: true, outColumns: 40 },
  ])('rearrange matrices: %o', async ({ rows, columns, transpose, outColumns }) => {
    const cpu = backends[1]!;
    const [batch, ld] = [2, columns + 3];
    const stride = rows * ld;
    const x = cpu.alloc(batch * stride * 4, 'x');
    cpu.upload(x, values(batch * stride, 1));
    const outRows = transpose ? columns : rows;
    const size = batch * outRows * outColumns;
    const y = cpu.alloc(size * 4, 'y');
    const layout = { batch, rows, columns, ld, stride, transpose, outColumns };
    cpu.kernels.matrix.rearrange(layout, { storage: x, half: false }, y);
    const source = values(batch * stride, 1);
    const expected = Array.from({ length: size }, (_, i) => {
      const [z, row, column] = [
        Math.floor(i / (outRows * outColumns)),
        Math.floor(i / outColumns) % outRows,
        i % outColumns,
      ];
      const [r, c] = transpose ? [column, row] : [row, column];
      return r < rows && c < columns ? source[z * stride + r * ld + c]! : 0;
    });
    expect(new Float32Array(await cpu.read(y, size * 4))).toBeAllclose(expected, { atol: 0, rtol: 0 });
    for (const block of [x, y]) cpu.free(block);
  });

  it.each([3, 30])('write %i rows of a product over no numbers: what is added remains', async (m) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const result = await run(backends[1]!, { m, n: 9, k: 0, transposeA, transposeB, bias: true });
        const bias = values(9, 4);
        expect([...result]).toEqual(Array.from({ length: m * 9 }, (_, i) => bias[i % 9]));
      }
    }
  });
});
