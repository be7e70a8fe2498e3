import type { AdapterDescription } from './adapter.ts';

/** Where measurements are remembered between visits (local storage, IndexedDB, a Map in tests). */
export interface TuneStore {
  get(key: string): Promise<string | null | undefined> | string | null | undefined;
  set(key: string, value: string): Promise<void> | void;
}

/** One way of doing the same work. */
export interface TuneCandidate {
  name: string;
  /** Record the work once. */
  run: () => void;
}

/** What to measure, and how long it may take. */
export interface TuneRequest {
  /** What the measurements are kept under: the kernel, its version and the adapter. */
  key: string;
  candidates: readonly TuneCandidate[];
  store?: TuneStore;
  /** No candidate is started after this many milliseconds; those left are measured at the next start. */
  budgetMs?: number;
  /** Submit what was recorded and wait until it is done. */
  finish: () => Promise<void>;
  now?: () => number;
}

/** Milliseconds of work to time at once: long against the waking-up of a waiting thread. */
const BATCH_MS = 4;
const MOST_REPEATS = 32;

/**
 * Milliseconds that each candidate takes, as far as known: from the store, and measured for those that are missing there.
 *
 * Each runs once to compile, once to size a batch of about 4 ms, then the batch is timed by the clock. Timestamp queries
 * would not be finer: browsers round them to 0.1 ms, and a batch is timed as a whole anyway.
 */
export async function tune({
  key,
  candidates,
  store,
  budgetMs = 300,
  finish,
  now = () => performance.now(),
}: TuneRequest): Promise<Record<string, number>> {
  const known = parse(await store?.get(key));
  const names = new Set(candidates.map(({ name }) => name));
  const times = Object.fromEntries(Object.entries(known).filter(([name]) => names.has(name)));
  const missing = candidates.filter(({ name }) => times[name] === undefined);
  if (missing.length === 0) return times;
  const time = async (run: () => void, repeats: number): Promise<number> => {
    const start = now();
    for (let i = 0; i < repeats; i++) run();
    await finish();
    return (now() - start) / repeats;
  };
  await finish();
  const end = now() + budgetMs;
  for (const { name, run } of missing) {
    if (now() >= end) break;
    await time(run, 1);
    const once = await time(run, 1);
    const repeats = Math.min(MOST_REPEATS, Math.floor(BATCH_MS / Math.max(once, 1e-3)));
    times[name] = repeats > 1 ? Math.min(once, await time(run, repeats)) : once;
  }
  await store?.set(key, JSON.stringify(times));
  return times;
}

/** Names an adapter in a tune store: measurements of one are worth nothing on another. */
export function adapterKey({ vendor, architecture, description }: AdapterDescription): string {
  return [vendor, architecture, description].join('/');
}

/** Stored measurements; anything that is not a record of positive numbers counts as none. */
function parse(text: string | null | undefined): Record<string, number> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([, time]) => typeof time === 'number' && time > 0),
    );
  } catch {
    return {};
  }
}
