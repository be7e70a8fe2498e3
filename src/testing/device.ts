import { afterAll, beforeAll, inject, vi } from 'vitest';
import type { WebGpuBackend } from '../backend/webgpu/backend.ts';
import type { MatmulVariant } from '../backend/webgpu/matmul/plan.ts';
import { TILES } from '../backend/webgpu/matmul/tiles.ts';
import { Context } from '../tensor/context.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The backend that a project of `vitest.config.ts` tests. */
    backend: 'webgpu' | 'cpu';
  }
}

/** The backend under test. */
export const backendUnderTest = inject('backend');

let shared: Promise<Context> | undefined;

/** One context for all tests of a file, on the backend under test; uncaptured WebGPU errors fail the test that is running. */
export function testContext(): Promise<Context> {
  shared ??= backendUnderTest === 'cpu' ? cpuContext() : webGpuContext();
  return shared;
}

async function cpuContext(): Promise<Context> {
  const { createCpuBackend } = await import('../backend/cpu/create.ts');
  return new Context((await createCpuBackend({ threads: 2 })).backend);
}

// Imported here: in Node there is no WebGPU, nor its constants.
async function webGpuContext(): Promise<Context> {
  const [{ requestGpuDevice }, { WebGpuBackend }] = await Promise.all([
    import('../backend/webgpu/adapter.ts'),
    import('../backend/webgpu/backend.ts'),
  ]);
  const gpu = await requestGpuDevice();
  gpu.device.addEventListener('uncapturederror', (event) => {
    throw new Error(`WebGPU: ${(event as GPUUncapturedErrorEvent).error.message}`);
  });
  return new Context(new WebGpuBackend(gpu));
}

/**
 * Record nothing from now on, for tests of memory: on a software adapter it would take minutes. The processor goes on computing.
 * @returns a function that ends this
 */
export function computeNothing(context: Context): () => void {
  if (backendUnderTest === 'cpu') return () => {};
  const run = vi.spyOn(backendOf(context), 'run').mockImplementation(() => {});
  return () => run.mockRestore();
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
 *
 * The processor has one way for everything.
 */
export function kernelChoices(kernels: ChosenKernels): KernelChoice[] {
  return backendUnderTest === 'cpu' ? [{ name: 'the processor', use: () => {} }] : CHOICES[kernels];
}

/** Inside a `describe`: its tests compute in this way, and later ones as the device would by itself. */
export function useKernels(choice: KernelChoice): void {
  beforeAll(async () => choice.use(await testContext()));
  if (backendUnderTest === 'cpu') return;
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
