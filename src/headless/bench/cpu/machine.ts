import { createCpuBackend } from '../../../backend/cpu/create.ts';

/** What the page computes with. */
export interface MachineReport {
  /** `WebAssembly relaxed SIMD` (fused multiply-add) or `WebAssembly SIMD`. */
  build: string;
  threads: number;
  cores: number;
  crossOriginIsolated: boolean;
  /** The weaker choices that were taken. */
  notes: string[];
}

/** Describe the processor backend as it starts on its own here. */
export async function describeMachine(): Promise<MachineReport> {
  const { backend, notes } = await createCpuBackend();
  const { device, threads } = backend;
  backend.destroy();
  const { hardwareConcurrency: cores } = navigator;
  return { build: device.architecture, threads, cores, crossOriginIsolated, notes };
}
