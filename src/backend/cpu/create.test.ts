import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutOfMemoryError } from '../errors.ts';
import { createCpuBackend } from './create.ts';
import { NoWasmSimdError, ThreadsError } from './errors.ts';
import { supportedBuilds } from './module.ts';
import * as threads from './threads.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A backend with so many threads asked for; what it says of itself. */
async function create(wanted: number) {
  const { backend, notes } = await createCpuBackend({ threads: wanted });
  const { threads: got } = backend;
  const { totalBytes } = backend.traits;
  const block = backend.alloc(16, 'block');
  backend.upload(block, Float32Array.of(1, 2, 3, 4));
  backend.clear(block, 8);
  const values = [...new Float32Array(await backend.read(block, 16))];
  backend.destroy();
  expect(values, 'it computes').toEqual([0, 0, 3, 4]);
  return { got, notes, totalBytes };
}

describe('the processor backend takes the next weaker choice, and says so', () => {
  it('one thread where the page is not cross-origin isolated', async () => {
    vi.stubGlobal('crossOriginIsolated', false);
    const { got, notes } = await create(4);
    expect(got).toBe(1);
    expect(notes).toEqual([expect.stringMatching(/not cross-origin isolated.*docs\/hosting\.md/)]);
  });

  it('one thread where threads do not start', async () => {
    vi.spyOn(threads, 'startThreads').mockRejectedValue(new ThreadsError('Threads did not start: no'));
    const { got, notes } = await create(2);
    expect(got).toBe(1);
    expect(notes).toEqual(['One thread only. Threads did not start: no']);
  });

  it('less memory where the system does not promise 4 GiB', async () => {
    const { Memory } = WebAssembly;
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (this: unknown, descriptor) {
      if (descriptor.maximum! > 2 ** 14) throw new RangeError('no address space');
      return new Memory(descriptor);
    } as (descriptor: WebAssembly.MemoryDescriptor) => WebAssembly.Memory);
    const { totalBytes, notes } = await create(1);
    expect(totalBytes).toBe(2 ** 30);
    expect(notes).toEqual([expect.stringContaining('at most 1024 MB')]);
  });
});

describe('the processor backend refuses', () => {
  it('a browser without SIMD, by name', async () => {
    expect(supportedBuilds(() => false)).toEqual([]);
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    await expect(createCpuBackend()).rejects.toThrow(NoWasmSimdError);
  });

  it('a system that grants no memory, by name', async () => {
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function refuse() {
      throw new RangeError('no');
    });
    await expect(createCpuBackend({ threads: 1 })).rejects.toThrow(OutOfMemoryError);
  });
});

it('builds are chosen by what validates', () => {
  const lengths: number[] = [];
  const remember = (bytes: Uint8Array<ArrayBuffer>) => lengths.push(bytes.length) > 0;
  expect(supportedBuilds(remember)).toEqual(['relaxed', 'simd']);
  const [simd, relaxed] = lengths as [number, number];
  expect(supportedBuilds((bytes) => bytes.length === simd)).toEqual(['simd']);
  expect(supportedBuilds((bytes) => bytes.length === relaxed)).toEqual([]);
});
