import { beforeAll, expect, it, vi } from 'vitest';
import { BufferPool } from './bufferPool.ts';

beforeAll(() => vi.stubGlobal('GPUBufferUsage', { STORAGE: 1, COPY_SRC: 2, COPY_DST: 4 }));

function pool() {
  const createBuffer = ({ size }: { size: number }) => ({ size, destroy: vi.fn() });
  const limits = { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 };
  return new BufferPool({ createBuffer, limits } as unknown as GPUDevice);
}

it('gives the same buffers to the same sequence of requests, in whatever order they came back', () => {
  const buffers = pool();
  const first = [1000, 1000, 1000, 5000].map((bytes) => buffers.acquire(bytes, 'test'));
  for (const order of [
    [2, 0, 3, 1],
    [0, 1, 2, 3],
    [3, 2, 1, 0],
  ]) {
    for (const i of order) buffers.release(first[i]!);
    expect([1000, 1000, 1000, 5000].map((bytes) => buffers.acquire(bytes, 'test'))).toEqual(first);
  }
  expect(buffers.memory.reserved).toBe(first.reduce((sum, { size }) => sum + size, 0));
});

it('destroys what nobody holds, and nothing else', () => {
  const buffers = pool();
  const [held, free] = [buffers.acquire(300, 'held'), buffers.acquire(300, 'free')];
  buffers.release(free);
  buffers.trim();
  expect(free.destroy).toHaveBeenCalledOnce();
  expect(held.destroy).not.toHaveBeenCalled();
  expect(buffers.memory).toMatchObject({ used: held.size, reserved: held.size });
});
