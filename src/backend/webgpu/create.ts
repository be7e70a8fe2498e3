import { requestGpuDevice } from './adapter.ts';
import { WebGpuBackend } from './backend.ts';
import { tuneMatmul } from './matmul/tuning.ts';
import type { TuneStore } from './tune.ts';

/** What a WebGPU backend is made with. */
export interface WebGpuOptions {
  /** `navigator.gpu` when left out. */
  gpu?: GPU | undefined;
  /** Where measurements of kernels are kept between visits; without one they are made every time. */
  store?: TuneStore | undefined;
}

/**
 * Ask for a device, make it a backend, and choose its kernels by measurement.
 * @throws NoWebGpuError with a remedy that can be shown
 */
export async function createWebGpuBackend({
  gpu = globalThis.navigator?.gpu,
  store,
}: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const backend = new WebGpuBackend(await requestGpuDevice(gpu));
  await tuneMatmul(backend, { store });
  return backend;
}
