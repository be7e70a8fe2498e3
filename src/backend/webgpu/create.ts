import { requestGpuDevice } from './adapter.ts';
import { WebGpuBackend } from './backend.ts';

/** What a WebGPU backend is made with. */
export interface WebGpuOptions {
  /** `navigator.gpu` when left out. */
  gpu?: GPU | undefined;
}

/**
 * Ask for a device and make it a backend.
 * @throws NoWebGpuError with a remedy that can be shown
 */
export async function createWebGpuBackend({
  gpu = globalThis.navigator?.gpu,
}: WebGpuOptions = {}): Promise<WebGpuBackend> {
  return new WebGpuBackend(await requestGpuDevice(gpu));
}
