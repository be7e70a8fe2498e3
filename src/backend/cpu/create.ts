import { SCRATCH_BYTES } from '../../../kernels/command.ts';
import { OutOfMemoryError } from '../errors.ts';
import { ARENA_LIMIT } from './arena.ts';
import { CpuBackend } from './backend.ts';
import { Heap } from './heap.ts';
import { instantiateKernels, type KernelModule, loadKernels, supportedBuilds } from './module.ts';
import { startThreads, type Threads } from './threads.ts';

/** Pages of a WebAssembly memory. */
const PAGE = 65_536;
/** Most bytes of the memory, the first that the system grants: 4 GiB less a page, then less on small machines. */
const LIMITS = [2 ** 32 - PAGE, 2 ** 31, 2 ** 30, 2 ** 29];
/** More threads than this share the memory's bandwidth without getting more done. */
const MOST_THREADS = 16;

/** What may be asked of a processor backend. */
export interface CpuOptions {
  /** Threads that compute; as many as the machine has cores when left out. */
  threads?: number | undefined;
  /** False to round products before adding them, as machines without relaxed SIMD do. */
  relaxed?: boolean;
  /** Most bytes of memory. */
  maxBytes?: number;
}

/** A backend, and what a stronger one would have needed. */
export interface CreatedCpuBackend {
  backend: CpuBackend;
  /** One sentence for each weaker choice that was taken. */
  notes: string[];
}

/**
 * Start the processor backend: the best build of the kernels, as much memory as the system promises, and threads where memory can
 * be shared.
 * @throws NoWasmSimdError, OutOfMemoryError
 */
export async function createCpuBackend({
  threads,
  relaxed,
  maxBytes,
}: CpuOptions = {}): Promise<CreatedCpuBackend> {
  const notes: string[] = [];
  const supported = supportedBuilds();
  const builds = relaxed === false ? supported.filter((build) => build === 'simd') : supported;
  const kernels = await loadKernels(builds);
  if (supported[0] === 'relaxed' && !kernels.relaxed && relaxed !== false)
    notes.push('The build with relaxed SIMD does not validate here; the plain one is used.');
  const { memory, limit } = makeMemory(maxBytes, notes);
  const wanted = Math.max(1, Math.min(threads ?? cores(), MOST_THREADS));
  const exports = instantiateKernels(kernels.module, memory);
  const scratch = (thread: number) => ARENA_LIMIT + thread * SCRATCH_BYTES;
  // A page's own thread must not sleep; it waits for others awake.
  exports.start(scratch(0), typeof document === 'undefined');
  const helpers = await startHelpers(kernels, memory, wanted, scratch, notes);
  const heap = new Heap(memory, scratch(wanted), limit);
  return { backend: new CpuBackend({ exports, heap, threads: helpers, relaxed: kernels.relaxed }), notes };
}

async function startHelpers(
  kernels: KernelModule,
  memory: WebAssembly.Memory,
  wanted: number,
  scratch: (thread: number) => number,
  notes: string[],
): Promise<Threads | undefined> {
  if (wanted < 2) return undefined;
  // Outside a page: Node has no such property, and shares memory.
  if (globalThis.crossOriginIsolated === false) {
    notes.push(
      'One thread only: this page is not cross-origin isolated. docs/hosting.md says which headers a server must send.',
    );
    return undefined;
  }
  try {
    const scratches = Array.from({ length: wanted - 1 }, (_, i) => scratch(i + 1));
    return await startThreads(kernels.module, memory, scratches);
  } catch (error) {
    notes.push(`One thread only. ${(error as Error).message}`);
    return undefined;
  }
}

function makeMemory(maxBytes = LIMITS[0]!, notes: string[]): { memory: WebAssembly.Memory; limit: number } {
  // The kernels' import says a maximum of 4 GiB: what is promised may be that or less.
  const initial = Math.ceil((ARENA_LIMIT + MOST_THREADS * SCRATCH_BYTES) / PAGE);
  for (const limit of LIMITS) {
    try {
      const memory = new WebAssembly.Memory({ initial, maximum: Math.ceil(limit / PAGE), shared: true });
      if (limit !== LIMITS[0])
        notes.push(`The system grants at most ${limit / 2 ** 20} MB of memory; large models may not fit.`);
      return { memory, limit: Math.min(limit, maxBytes) };
    } catch {
      // Too much address space: ask for less.
    }
  }
  throw new OutOfMemoryError(
    'The browser does not grant the processor backend 512 MB of memory. Close other tabs, or use a 64-bit browser.',
  );
}

/** Cores of the machine as far as it tells. */
function cores(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}
