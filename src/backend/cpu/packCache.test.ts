import { afterEach, expect, it } from 'vitest';
import type { Storage } from '../backend.ts';
import { OutOfMemoryError } from '../errors.ts';
import type { CpuBackend } from './backend.ts';
import { createCpuBackend } from './create.ts';
import type { Block } from './heap.ts';

const M = 32;
let cpu: CpuBackend;
afterEach(() => cpu.destroy());

/** Row sums of a·b for a of ones, [M, n] × …: the first row of the product. */
async function product(b: Storage, n: number, k: number): Promise<number[]> {
  const [a, c] = [cpu.alloc(M * k * 4, 'a'), cpu.alloc(M * n * 4, 'c')];
  cpu.upload(a, new Float32Array(M * k).fill(1));
  cpu.kernels.matrix.gemm(
    {
      ...{ m: M, n, k, batch: 1, transposeA: false, transposeB: false, lda: k, ldb: n, ldc: n },
      ...{ strideA: 0, strideB: 0, strideC: 0 },
    },
    { a, b: { storage: b, half: false }, c, alpha: 1 },
  );
  const values = new Float32Array(await cpu.read(c, n * 4));
  cpu.free(a);
  cpu.free(c);
  return [...values];
}

it('keeps packed weights from the second use on, and makes them anew when the weights change', async () => {
  ({ backend: cpu } = await createCpuBackend({ threads: 1 }));
  const b = cpu.alloc(16, 'weights');
  cpu.upload(b, Float32Array.of(1, 2, 3, 4));
  const { used } = cpu.memory();
  expect(await product(b, 2, 2)).toEqual([4, 6]);
  expect(cpu.packs.bytes).toBe(0);
  expect(await product(b, 2, 2)).toEqual([4, 6]);
  expect(cpu.packs.bytes).toBeGreaterThan(0);
  expect(cpu.memory().used).toBe(used);
  const commands = cpu.counts.dispatches;
  expect(await product(b, 2, 2)).toEqual([4, 6]);
  // The product and the copy that reads it back: nothing is packed.
  expect(cpu.counts.dispatches - commands).toBe(2);

  cpu.upload(b, Float32Array.of(5), 4);
  expect(await product(b, 2, 2)).toEqual([4, 9]);
  expect(await product(b, 2, 2)).toEqual([4, 9]);
  cpu.clear(b, 8);
  expect(await product(b, 2, 2)).toEqual([3, 4]);
  expect(await product(b, 2, 2)).toEqual([3, 4]);
  expect(cpu.packs.bytes).toBe(0);
  cpu.free(b);
  expect(cpu.memory().used).toBe(0);
});

it('gives what it keeps away when memory runs out', async () => {
  ({ backend: cpu } = await createCpuBackend({ threads: 1, maxBytes: 2 ** 26 }));
  const b = cpu.alloc(2 ** 22, 'weights');
  cpu.upload(b, new Float32Array(2 ** 20).fill(1));
  for (let i = 0; i < 3; i++) expect((await product(b, 1024, 1024))[0]).toBe(1024);
  expect(cpu.packs.bytes).toBeGreaterThan(0);
  const blocks: Storage[] = [];
  while (cpu.packs.bytes > 0) blocks.push(cpu.alloc(2 ** 20, 'more'));
  for (const block of blocks) cpu.free(block);
  expect((await product(b, 1024, 1024))[5]).toBe(1024);
});

it('keeps track of what it makes when all else gives way to that', async () => {
  ({ backend: cpu } = await createCpuBackend({ threads: 1, maxBytes: 2 ** 26 }));
  const b = cpu.heap.alloc(2 ** 20, 'weights');
  cpu.upload(b, Float32Array.of(1));
  const pieces: Block[] = [];
  const fill = (): void => {
    for (;;) pieces.push(cpu.heap.alloc(2 ** 20, 'piece'));
  };
  expect(fill).toThrow(OutOfMemoryError);
  // Filling has dropped what was there: the first use is marked again.
  expect(cpu.packs.find(b, 'layout', 2 ** 21)).toBe(undefined);
  for (const piece of pieces) cpu.free(piece);
  expect(cpu.packs.find(b, 'layout', 2 ** 21)?.filled).toBe(false);
  expect(cpu.packs.find(b, 'layout', 2 ** 21)?.filled).toBe(true);
  cpu.free(b);
  expect(cpu.packs.bytes).toBe(0);
  expect(cpu.memory().used).toBe(0);
});
