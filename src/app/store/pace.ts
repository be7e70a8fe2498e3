import { createStore } from 'zustand/vanilla';
import type { AdapterDescription } from '../../backend/webgpu/adapter.ts';
import { engineStore } from './engine.ts';
import { theLibrary } from './library.ts';

/** Name of the setting that keeps what was measured. */
const SETTING = 'pace';

/** Seconds that a unit of work took when it was done last, by work and adapter. */
export const paceStore = createStore<{ seconds: Record<string, number> }>(() => ({ seconds: {} }));

/** What takes the time: the encoder's layers, in GFLOP, or evaluations of a generator's UNet, in one image's. */
export type Work = { kind: 'encoder' } | { kind: 'unet'; generatorId: string };

/**
 * On software adapters, where nothing was measured yet (two cores): the encoder at 4.4 GFLOP/s on SwiftShader with all that
 * goes with it, the built-in UNet as in docs/RESULTS.md.
 */
const SOFTWARE_SECONDS = { encoder: 1 / 4.4, 'unet embedded': 0.43 };

/** How long a unit takes on this adapter; null where that is not known. */
export interface Pace {
  seconds: number;
  /** In earlier work on this adapter; else on another machine without a graphics card. */
  measured: boolean;
}

/** The pace of a kind of work on an adapter; null where nothing is known of it. */
export function paceOf(
  work: Work,
  adapter: AdapterDescription,
  { seconds: known } = paceStore.getState(),
): Pace | null {
  const seconds = known[keyOf(work, adapter)];
  if (seconds !== undefined) return { seconds, measured: true };
  const guess = adapter.software
    ? (SOFTWARE_SECONDS as Record<string, number | undefined>)[nameOf(work)]
    : undefined;
  return guess === undefined ? null : { seconds: guess, measured: false };
}

/** Take in what was measured in earlier visits. */
export async function loadPaces(): Promise<void> {
  const stored = await theLibrary().settings.get<Record<string, number>>(SETTING);
  paceStore.setState(({ seconds }) => ({ seconds: { ...stored, ...seconds } }));
}

/** Note how long `units` of work took on the present adapter. */
export async function notePace(work: Work, units: number, took: number): Promise<void> {
  const adapter = engineStore.getState().status?.adapter;
  if (!adapter || !(units > 0) || !(took > 0)) return;
  const seconds = { ...paceStore.getState().seconds, [keyOf(work, adapter)]: took / units };
  paceStore.setState({ seconds });
  await theLibrary().settings.set(SETTING, seconds);
}

function nameOf(work: Work): string {
  return work.kind === 'unet' ? `unet ${work.generatorId}` : work.kind;
}

function keyOf(work: Work, { vendor, architecture, description }: AdapterDescription): string {
  return [nameOf(work), vendor, architecture, description].join(' ');
}
