import { afterAll, beforeAll } from 'vitest';
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

/** One of the ways in which a device can compute the same thing. */
export interface KernelChoice {
  name: string;
  /** From now on the device computes in this way. */
  use(context: Context): void;
}

/** What a device has several kernels for. */
export type ChosenKernels = 'rows';

/**
 * Every way in which the device under test can compute, for `describe.each`. On WebGPU: reductions over rows by one
 * invocation or by a workgroup.
 */
export function kernelChoices(kernels: ChosenKernels): KernelChoice[] {
  return CHOICES[kernels];
}

/** Inside a `describe`: its tests compute in this way, and later ones as the device would by itself. */
export function useKernels(choice: KernelChoice): void {
  beforeAll(async () => choice.use(await testContext()));
  afterAll(async () => {
    const gpu = backendOf(await testContext());
    gpu.serial = gpu.adapter.software;
  });
}

const CHOICES: Record<ChosenKernels, KernelChoice[]> = {
  rows: [true, false].map((serial) => ({
    name: serial ? 'serial rows' : 'parallel rows',
    use: (context) => {
      backendOf(context).serial = serial;
    },
  })),
};

function backendOf(context: Context): WebGpuBackend {
  return context.backend as WebGpuBackend;
}
