import type { Storage } from '../backend/backend.ts';
import type { CpuBackend } from '../backend/cpu/backend.ts';
import { type CreatedCpuBackend, createCpuBackend } from '../backend/cpu/create.ts';

/** Numbers around a test's tensors, to see that a kernel writes nothing else than its result and its padding. */
const GUARD = 12345.5;

/** A processor backend with arrays of numbers going in and out. */
export interface CpuBench {
  cpu: CpuBackend;
  /** A tensor with these numbers; NaN in its padding. */
  put(numbers: ArrayLike<number>): Storage;
  /** A tensor of so many numbers, all NaN: what is not written shows. */
  room(count: number): Storage;
  /** Numbers of a tensor after all that was recorded. Fails when something was written behind its padding. */
  get(storage: Storage): Promise<Float32Array>;
}

const backends = new Map<number, Promise<CreatedCpuBackend>>();

/**
 * Run kernels on a backend with so many threads (one for all tests of a file; plain SIMD where Node has no other).
 * @returns what `use` gives; its tensors are gone then
 */
export async function onCpu<T>(threads: number, use: (bench: CpuBench) => Promise<T>): Promise<T> {
  const made = backends.get(threads) ?? createCpuBackend({ threads });
  backends.set(threads, made);
  const { backend: cpu } = await made;
  const counts = new Map<Storage, number>();
  const put = (numbers: ArrayLike<number>): Storage => {
    const count = numbers.length;
    const padded = Math.ceil(count / 4) * 4;
    const storage = cpu.alloc((padded + 4) * 4, 'test');
    const values = new Float32Array(padded + 4).fill(Number.NaN);
    values.set(numbers);
    values.fill(GUARD, padded);
    cpu.upload(storage, values);
    counts.set(storage, count);
    return storage;
  };
  const get = async (storage: Storage): Promise<Float32Array> => {
    const count = counts.get(storage)!;
    const padded = Math.ceil(count / 4) * 4;
    const values = new Float32Array(await cpu.read(storage, (padded + 4) * 4));
    if (values.subarray(padded).some((value) => value !== GUARD)) {
      throw new Error('the kernel wrote behind its result');
    }
    return values.slice(0, count);
  };
  try {
    return await use({ cpu, put, room: (count) => put(new Float32Array(count).fill(Number.NaN)), get });
  } finally {
    for (const storage of counts.keys()) cpu.free(storage);
  }
}

/**
 * The same work on one thread and on two.
 * @returns its result
 * @throws Error when a bit differs
 */
export async function onAnyThreads(
  use: (bench: CpuBench) => Promise<Record<string, Float32Array>>,
): Promise<Record<string, Float32Array>> {
  const alone = await onCpu(1, use);
  const shared = await onCpu(2, use);
  for (const [name, values] of Object.entries(alone)) {
    const differs = values.findIndex((value, i) => !Object.is(value, shared[name]![i]));
    if (differs >= 0) {
      throw new Error(
        `${name}[${differs}] is ${values[differs]} on one thread, ${shared[name]![differs]} on two`,
      );
    }
  }
  return alone;
}
