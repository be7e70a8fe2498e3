import { NoWasmSimdError } from './errors.ts';

/** The kernels' exports; see `kernels/schedule.ts`. */
export interface KernelExports {
  start(scratch: number, maySleep: boolean): void;
  run(first: number, end: number, deadline: number, helpers: number): number;
  serve(): void;
}

/** A compiled build of the kernels. */
export interface KernelModule {
  module: WebAssembly.Module;
  /** Whether multiplying and adding is fused. */
  relaxed: boolean;
}

/** The smallest function with a v128, and with a relaxed multiply-add: what `WebAssembly.validate` is asked. */
const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
const SIMD_PROBE = [...HEADER, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
const RELAXED_PROBE = [
  ...[...HEADER, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];

/** Which builds this machine can run, the better first. */
export function supportedBuilds(
  validate = (bytes: Uint8Array<ArrayBuffer>) => WebAssembly.validate(bytes),
): ('relaxed' | 'simd')[] {
  if (typeof WebAssembly === 'undefined' || !validate(Uint8Array.from(SIMD_PROBE))) return [];
  return validate(Uint8Array.from(RELAXED_PROBE)) ? ['relaxed', 'simd'] : ['simd'];
}

/**
 * Compile the best build that this machine can run.
 * @param builds which to try, in order
 * @throws NoWasmSimdError when there is none
 */
export async function loadKernels(
  builds: readonly ('relaxed' | 'simd')[] = supportedBuilds(),
): Promise<KernelModule> {
  for (const build of builds) {
    const { default: base64 } = await (build === 'relaxed'
      ? import('virtual:kernels/relaxed')
      : import('virtual:kernels/simd'));
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    if (!WebAssembly.validate(bytes)) continue;
    return { module: await WebAssembly.compile(bytes), relaxed: build === 'relaxed' };
  }
  throw new NoWasmSimdError(
    'This browser has neither a graphics adapter for WebGPU nor WebAssembly SIMD. Use a recent Chrome, Edge, Firefox or Safari.',
  );
}

/** An instance of the kernels over a memory, for one thread. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelExports {
  const host = { now: () => performance.now() };
  return new WebAssembly.Instance(module, { env: { memory }, host }).exports as unknown as KernelExports;
}
