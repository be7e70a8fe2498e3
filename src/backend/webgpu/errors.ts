import { NoBackendError } from '../errors.ts';

/** The browser has no WebGPU, or no adapter could be had. */
export class NoWebGpuError extends NoBackendError {
  override name = 'NoWebGpuError';
}
