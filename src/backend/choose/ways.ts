import type { Backend } from '../backend.ts';
import { createCpuBackend } from '../cpu/create.ts';
import { supportedBuilds } from '../cpu/module.ts';
import { createWebGpuBackend } from '../webgpu/create.ts';
import type { TuneStore } from '../webgpu/tune.ts';

/** The two ways to compute, as the user may choose among them. */
export type Way = 'gpu' | 'cpu';

/** A backend that was opened, with one sentence for each weaker choice that was taken in it. */
export interface Opened {
  backend: Backend;
  notes: string[];
}

/** How a way is opened, and what its measurements are kept under. */
export interface WayOpener {
  /** @throws NoBackendError, OutOfMemoryError, or what the browser throws */
  open(store: TuneStore | undefined): Promise<Opened>;
  /** Names what it measures, as far as that is known before it is opened. */
  key(): string;
}

/** The ways of this machine. */
export const WAYS: Record<Way, WayOpener> = {
  gpu: {
    open: async (store) => ({ backend: await createWebGpuBackend({ store }), notes: [] }),
    key: () => 'gpu',
  },
  cpu: {
    open: () => createCpuBackend(),
    key: () =>
      [
        'cpu',
        supportedBuilds()[0],
        globalThis.navigator?.hardwareConcurrency ?? 1,
        globalThis.crossOriginIsolated === false ? 'one thread' : 'threads',
      ].join('/'),
  },
};

/** Name of the machine part behind a backend. */
export function deviceName({ device }: Pick<Backend, 'device'>): string {
  return [device.vendor, device.architecture, device.description].filter(Boolean).join(' ');
}
