import { afterAll, beforeAll } from 'vitest';
import { requestGpuDevice } from '../backend/webgpu/adapter.ts';
import { WebGpuBackend } from '../backend/webgpu/backend.ts';
import type { MatmulVariant } from '../backend/webgpu/matmul/plan.ts';
import { TILES } from '../backend/webgpu/matmul/tiles.ts';
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
export type ChosenKernels = 'rows' | 'attention' | 'matmul' | 'wide matmul';

/**
 * Every way in which the device under test can compute, for `describe.each`. On WebGPU:
 * - `rows`: reductions over rows by one invocation or by a workgroup;
 * - `attention`: by tiles in workgroup memory, or without, in quads or alone;
 * - `matmul`: what the device chooses by itself, and each kernel for all products;
 * - `wide matmul`: tiles with several columns an invocation, which compile for seconds on a software adapter: for few cases.
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
    gpu.attentionVariant = undefined;
    gpu.matmulVariant = undefined;
  });
}

const CHOICES: Record<ChosenKernels, KernelChoice[]> = {
  rows: [true, false].map((serial) => ({
    name: serial ? 'serial rows' : 'parallel rows',
    use: (context) => {
      backendOf(context).serial = serial;
    },
  })),
  attention: (['quads', 'alone', 'tiled'] as const).map((variant) => ({
    name: variant,
    use: (context) => {
      backendOf(context).attentionVariant = variant;
    },
  })),
  matmul: [
    matmulChoice('chosen', undefined),
    matmulChoice('direct, alone', { kind: 'direct', quads: false }),
    matmulChoice('direct, in quads', { kind: 'direct', quads: true }),
    matmulChoice('tiled 32×32', { kind: 'tiled', tile: TILES.small }),
  ],
  'wide matmul': [matmulChoice('tiled 128×64', { kind: 'tiled', tile: TILES.tall })],
};

function matmulChoice(name: string, variant: MatmulVariant | undefined): KernelChoice {
  return {
    name,
    use: (context) => {
      backendOf(context).matmulVariant = variant;
    },
  };
}

function backendOf(context: Context): WebGpuBackend {
  return context.backend as WebGpuBackend;
}
