import { requestGpuDevice } from '../backend/webgpu/adapter.ts';
import { WebGpuBackend } from '../backend/webgpu/backend.ts';
import { Context } from '../tensor/context.ts';

let shared: Promise<Context> | undefined;

/** One context for all tests of a file; uncaptured WebGPU errors fail the test that is running. */
export function testContext(): Promise<Context> {
  shared ??= requestGpuDevice().then((gpu) => {
    gpu.device.addEventListener('uncapturederror', (event) => {
      throw new Error(`WebGPU: ${(event as GPUUncapturedErrorEvent).error.message}`);
    });
    return new Context(new WebGpuBackend(gpu));
  });
  return shared;
}
