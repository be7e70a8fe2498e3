import { NoBackendError } from '../errors.ts';

/** The browser cannot run the CPU kernels at all: it has no WebAssembly SIMD. */
export class NoWasmSimdError extends NoBackendError {
  override name = 'NoWasmSimdError';
}

/** Threads did not start; the backend then computes on one. */
export class ThreadsError extends Error {
  override name = 'ThreadsError';
}
