import type { Backend } from '../backend.ts';
import type { TuneStore } from '../webgpu/tune.ts';
import { deviceName } from './ways.ts';

/** Part of the stored key: raise it when the measurement changes. */
const VERSION = 1;

/** A measured speed and what it was measured on. */
export interface Figure {
  name: string;
  gflops: number;
}

/** Speeds of backends, measured once and kept for the next visit. */
export class Figures {
  readonly #store: TuneStore | undefined;
  readonly #measure: (backend: Backend) => Promise<number>;

  constructor(store: TuneStore | undefined, measure: (backend: Backend) => Promise<number>) {
    this.#store = store;
    this.#measure = measure;
  }

  /** What was measured under a key; undefined where nothing was. */
  async recall(key: string): Promise<Figure | undefined> {
    return parse(await this.#store?.get(storeKey(key)));
  }

  /** GFLOP/s of a backend: what is kept of the same device, or measured now. */
  async of(key: string, backend: Backend): Promise<number> {
    const name = deviceName(backend);
    const known = await this.recall(key);
    if (known?.name === name) return known.gflops;
    const gflops = await this.#measure(backend);
    await this.#store?.set(storeKey(key), JSON.stringify({ name, gflops }));
    return gflops;
  }
}

function storeKey(key: string): string {
  return `speed/${VERSION}/${key}`;
}

function parse(text: string | null | undefined): Figure | undefined {
  try {
    const { name, gflops } = JSON.parse(text ?? '{}') as Partial<Figure>;
    return typeof name === 'string' && typeof gflops === 'number' && gflops > 0
      ? { name, gflops }
      : undefined;
  } catch {
    return undefined;
  }
}
