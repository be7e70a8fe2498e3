import { afterEach, describe, expect, it, vi } from 'vitest';
import { ENTERED, SCRATCH_BYTES } from '../../../kernels/command.ts';
import { DeviceLostError, OutOfMemoryError } from '../errors.ts';
import { ARENA_LIMIT } from './arena.ts';
import type { CpuBackend } from './backend.ts';
import { type CpuOptions, createCpuBackend } from './create.ts';
import type { Block } from './heap.ts';

const made: CpuBackend[] = [];
afterEach(() => {
  for (const backend of made.splice(0)) backend.destroy();
});

async function make(options: CpuOptions): Promise<CpuBackend> {
  const { backend, notes } = await createCpuBackend(options);
  expect(notes).toEqual([]);
  made.push(backend);
  return backend;
}

const floats = async (backend: CpuBackend, storage: ReturnType<CpuBackend['alloc']>, count: number) => [
  ...new Float32Array(await backend.read(storage, count * 4)),
];

describe.each([1, 2, 3])('the processor backend on %i threads', (threads) => {
  it('copies, clears and reads in the order of recording', async () => {
    const backend = await make({ threads });
    const [a, b] = [backend.alloc(16, 'a'), backend.alloc(16, 'b')];
    backend.upload(a, Float32Array.of(1, 2, 3, 4));
    backend.copy(a, 4, b, 0, 8);
    const values = Float32Array.of(9, 9, 9, 9);
    backend.upload(a, values);
    values.fill(7);
    const before = floats(backend, a, 4);
    backend.clear(a, 8);
    expect(await before).toEqual([9, 9, 9, 9]);
    expect(await floats(backend, a, 4)).toEqual([0, 0, 9, 9]);
    expect(await floats(backend, b, 2)).toEqual([2, 3]);
  });

  it('uploads nothing into what waiting commands read', async () => {
    const backend = await make({ threads });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => backend.alloc(16, name));
    backend.upload(a!, Float32Array.of(1, 2, 3, 4));
    backend.copy(a!, 0, b!, 0, 16);
    backend.free(a!);
    backend.upload(c!, Float32Array.of(5, 6, 7, 8));
    backend.upload(c!, Float32Array.of(9), 4);
    backend.copy(c!, 0, b!, 0, 4);
    expect(await floats(backend, b!, 4)).toEqual([5, 2, 3, 4]);
    expect(await floats(backend, c!, 4)).toEqual([5, 9, 7, 8]);
  });

  it('moves megabytes, shared out over its threads', async () => {
    const backend = await make({ threads });
    const count = 2 ** 21 + 3;
    const values = Float32Array.from({ length: count }, (_, i) => i % 1001);
    const [a, b] = [backend.alloc(count * 4, 'a'), backend.alloc(count * 4, 'b')];
    backend.upload(a, values);
    backend.copy(a, 0, b, 0, count * 4);
    const copied = new Float32Array(await backend.read(b, count * 4));
    expect(copied.every((value, i) => value === values[i])).toBe(true);
  });

  it('does more commands than its ring holds', async () => {
    const backend = await make({ threads });
    const [a, b] = [backend.alloc(4, 'a'), backend.alloc(4, 'b')];
    backend.upload(a, Float32Array.of(5));
    for (let i = 0; i < 20_000; i++) {
      backend.copy(a, 0, b, 0, 4);
      backend.copy(b, 0, a, 0, 4);
    }
    backend.clear(b, 4);
    expect([await floats(backend, a, 1), await floats(backend, b, 1)]).toEqual([[5], [0]]);
  });

  it('lets messages in while it works, and urgent work overtake', async () => {
    const backend = await make({ threads });
    const big = backend.alloc(2 ** 26, 'big');
    const other = backend.alloc(2 ** 26, 'other');
    const small = backend.alloc(16, 'small');
    backend.upload(small, Float32Array.of(1, 2, 3, 4));
    for (let i = 0; i < 60; i++) backend.copy(big, 0, other, 0, 2 ** 26);
    const order: string[] = [];
    const all = backend.finish().then(() => order.push('all'));
    const gaps: number[] = [];
    let last = performance.now();
    const timer = setInterval(() => {
      gaps.push(performance.now() - last);
      last = performance.now();
    }, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const result = backend.urgent(() => {
      const copy = backend.alloc(8, 'urgent');
      backend.copy(small, 8, copy, 0, 8);
      return copy;
    });
    const values = await floats(backend, result, 2);
    order.push('urgent');
    await all;
    clearInterval(timer);
    expect(values).toEqual([3, 4]);
    expect(order).toEqual(['urgent', 'all']);
    // Not the longest: a busy machine may take the core away for a while.
    expect(gaps.sort((a, b) => a - b)[gaps.length >> 1]).toBeLessThan(100);
  });
});

describe('urgent work', () => {
  it('gets no memory that waiting commands read', async () => {
    const backend = await make({ threads: 1 });
    // As large as what urgent work has for itself.
    const [source, target] = [backend.alloc(2 ** 24, 'source'), backend.alloc(16, 'target')];
    backend.upload(source, Float32Array.of(1, 2, 3, 4));
    backend.copy(source, 0, target, 0, 16);
    backend.free(source);
    backend.urgent(() => backend.kernels.elementwise.fill(4, backend.alloc(16, 'urgent'), 9));
    expect(await floats(backend, target, 4)).toEqual([1, 2, 3, 4]);
  });

  it('may have any number of commands', async () => {
    const backend = await make({ threads: 1 });
    const { fill, addInPlace } = backend.kernels.elementwise;
    for (const count of [1020, 1021, 1022, 3000]) {
      const sum = backend.urgent(() => {
        const [one, y] = [backend.alloc(16, 'one'), backend.alloc(16, 'sum')];
        fill(4, one, 1);
        fill(4, y, 0);
        for (let i = 0; i < count; i++) addInPlace(4, { y, x: one }, 1);
        return y;
      });
      expect(await floats(backend, sum, 1)).toEqual([count]);
    }
  });

  it('is not read before it is done', async () => {
    const backend = await make({ threads: 1 });
    const block = backend.alloc(16, 'block');
    await expect(backend.urgent(() => backend.read(block, 16))).rejects.toThrow(/not while it is recorded/);
  });

  it('does not wait for a thread that died', async () => {
    const backend = await make({ threads: 2 });
    const block = backend.alloc(16, 'block');
    // As a thread leaves it that dies in the middle of a task.
    Atomics.add(new Int32Array(backend.heap.memory.buffer), ENTERED / 4, 1);
    let time = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (time += 5000));
    expect(() => backend.urgent(() => backend.clear(block, 16))).toThrow(/does not answer/);
    vi.restoreAllMocks();
    expect(await backend.lost).toMatch(/does not answer/);
  });

  it('loses the device when it fails', async () => {
    const backend = await make({ threads: 1 });
    // No such kernel.
    expect(() => backend.urgent(() => backend.commands.add(31, 1))).not.toThrow();
    expect(() => backend.urgent(() => backend.commands.add(31 * 32, 1))).toThrow(DeviceLostError);
    await expect(backend.finish()).rejects.toThrow(DeviceLostError);
  });
});

describe('the processor backend', () => {
  it('leaves out a command that takes more than there is room for', async () => {
    const backend = await make({ threads: 1 });
    const [x, y] = [backend.alloc(16, 'x'), backend.alloc(16, 'y')];
    backend.upload(x, Float32Array.of(1));
    backend.upload(y, Float32Array.of(7));
    const terms = Array.from({ length: 29 }, () => [1, x] as const);
    const { linearCombination } = backend.kernels.elementwise;
    expect(() => linearCombination(4, terms, y)).toThrow(/at most 60 arguments/);
    expect(await floats(backend, y, 1)).toEqual([7]);
    linearCombination(4, terms.slice(1), y);
    expect(await floats(backend, y, 1)).toEqual([28]);
  });

  it('computes where a block ends with the memory', async () => {
    const backend = await make({ threads: 1 });
    const { heap } = backend;
    // Products read A stored by columns in fives, so up to four numbers further than it goes.
    const [m, k] = [5 * 4096 + 1, 512];
    const bytes = m * k * 4;
    const [b, c] = [heap.alloc(k * 4, 'b'), heap.alloc(m * 4, 'c')];
    backend.clear(b, k * 4);
    // Where B will be packed.
    heap.free(heap.alloc(8 * k * 4, 'packed'));
    const { offset } = heap.alloc(64, 'end');
    const size = 2 ** 22 * 11;
    for (let end = offset + 64; (end + size) % 65_536 !== 0; end += 64) heap.alloc(64, 'padding');
    const a = heap.alloc(bytes, 'a');
    expect(a.size).toBe(size);
    const shift = size - bytes;
    expect(shift % 4).toBe(0);
    const atEnd = { ...a, offset: a.offset + shift };
    backend.kernels.matrix.gemm(
      {
        ...{ m, n: 1, k, batch: 1, transposeA: true, transposeB: false, lda: m, ldb: 1, ldc: 1 },
        ...{ strideA: 0, strideB: 0, strideC: 0 },
      },
      { a: atEnd, b: { storage: b, half: false }, c, alpha: 1 },
    );
    // Before reading takes more memory.
    await backend.finish();
    expect(await floats(backend, c, 1)).toEqual([0]);
  });

  it('has one thread where none is asked for, and scratch memory for it', async () => {
    const backend = await make({ threads: 0 });
    expect(backend.threads).toBe(1);
    const first = backend.urgent(() => backend.alloc(64, 'first')) as Block;
    expect(first.offset).toBeGreaterThanOrEqual(ARENA_LIMIT + SCRATCH_BYTES);
  });

  it('refuses what does not fit, with the numbers, and reuses what is free', async () => {
    const backend = await make({ threads: 1, maxBytes: 2 ** 26 });
    const start = backend.memory().used;
    const block = backend.alloc(2 ** 24, 'half');
    expect(() => backend.alloc(2 ** 26, 'activations [4096]')).toThrow(OutOfMemoryError);
    expect(() => backend.alloc(2 ** 26, 'activations [4096]')).toThrow(
      /activations \[4096\] needs 64 MB; 16 MB of the 64 MB/,
    );
    backend.free(block);
    const pieces = Array.from({ length: 8 }, (_, i) => backend.alloc(2 ** 21, `piece ${i}`));
    for (const piece of pieces) backend.free(piece);
    backend.free(backend.alloc(2 ** 24 + 2 ** 22, 'joined'));
    expect(backend.memory().used).toBe(start);
    expect(backend.memory().reserved).toBeLessThanOrEqual(2 ** 26);
  });

  it('tells whoever waits when it is destroyed', async () => {
    const backend = await make({ threads: 2 });
    const block = backend.alloc(2 ** 24, 'block');
    for (let i = 0; i < 50; i++) backend.clear(block, 2 ** 24);
    const waiting = expect(backend.finish()).rejects.toThrow(DeviceLostError);
    backend.destroy();
    await waiting;
    expect(await backend.lost).toBe('destroyed');
    await expect(backend.read(block, 4)).rejects.toThrow(DeviceLostError);
  });
});
