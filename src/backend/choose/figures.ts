import type { Backend } from '../backend.ts';
import type { TuneStore } from '../webgpu/tune.ts';
import { deviceName } from './ways.ts';

/** Part of the stored key: raise it when the measurement changes. */
const VERSION = 1;
/** Visits in which a device is measured; the best counts. A machine that was busy during one does not pass for slow. */
const VISITS = 3;

/** A measured speed and what it was measured on. */
export interface Figure {
  name: string;
  gflops: number;
}

interface Kept extends Figure {
  /** Visits in which it was measured. */
  visits: number;
}

/** Speeds of backends, measured in the first visits and kept for the next. */
export class Figures {
  readonly #store: TuneStore | undefined;
  readonly #measure: (backend: Backend) => Promise<number>;

  constructor(store: TuneStore | undefined, measure: (backend: Backend) => Promise<number>) {
    this.#store = store;
    this.#measure = measure;
  }

  /** What was measured under a key; undefined where nothing was. */
  async recall(key: string): Promise<Figure | undefined> {
    const kept = await this.#kept(key);
    return kept && { name: kept.name, gflops: kept.gflops };
  }

  /** GFLOP/s of a backend: what is kept of the same device, or the best with what is measured now. */
  async of(key: string, backend: Backend): Promise<number> {
    const name = deviceName(backend);
    const kept = await this.#kept(key);
    const known = kept?.name === name ? kept : { gflops: 0, visits: 0 };
    if (known.visits >= VISITS) return known.gflops;
    const gflops = Math.max(known.gflops, await this.#measure(backend));
    const visits = known.visits + 1;
    await this.#store?.set(storeKey(key), JSON.stringify({ name, gflops, visits } satisfies Kept));
    return gflops;
  }

  async #kept(key: string): Promise<Kept | undefined> {
    return parse(await this.#store?.get(storeKey(key)));
  }
}

function storeKey(key: string): string {
  return `speed/${VERSION}/${key}`;
}

function parse(text: string | null | undefined): Kept | undefined {
  try {
    const { name, gflops, visits } = JSON.parse(text ?? '{}') as Partial<Kept>;
    return typeof name === 'string' && typeof gflops === 'number' && gflops > 0
      ? { name, gflops, visits: visits ?? 1 }
      : undefined;
  } catch {
    return undefined;
  }
}
