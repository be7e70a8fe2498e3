import { createStore } from 'zustand/vanilla';
import type { DeviceDescription } from '../../backend/backend.ts';
import type { ComputeStatus } from '../../engine/protocol.ts';
import { engineStore } from './engine.ts';
import { theLibrary } from './library.ts';

/** Name of the setting that keeps what was measured. */
const SETTING = 'pace';

/** Seconds that a unit of work took when it was done last, by work and device. */
export const paceStore = createStore<{ seconds: Record<string, number> }>(() => ({ seconds: {} }));

/** What takes the time: the encoder's layers, in GFLOP, or evaluations of a generator's UNet, in one image's. */
export type Work = { kind: 'encoder' } | { kind: 'unet'; generatorId: string };

/** GFLOP of a unit of work, as far as they are known: of the built-in UNet by the operations of its products and attention. */
const UNIT_GFLOP: Record<string, number> = { encoder: 1, 'unet embedded': 7.6 };
/** Share of the speed of a matrix product at which a processor does a whole network with all that goes with it. */
const SHARE = 0.4;

/** How long a unit takes on this device; null where that is not known. */
export interface Pace {
  seconds: number;
  /** In earlier work on this device; else by its speed at a matrix product. */
  measured: boolean;
}

/**
 * The pace of a kind of work on a device; null where nothing is known of it. Only of a processor it is guessed: there the
 * arithmetic decides.
 */
export function paceOf(
  work: Work,
  { device, traits, choice }: ComputeStatus,
  { seconds: known } = paceStore.getState(),
): Pace | null {
  const seconds = known[keyOf(work, device)];
  if (seconds !== undefined) return { seconds, measured: true };
  const gigaflop = UNIT_GFLOP[nameOf(work)];
  const { gflops } = choice.ways[choice.way];
  if (!traits.onCpu || gigaflop === undefined || gflops === undefined) return null;
  return { seconds: gigaflop / (SHARE * gflops), measured: false };
}

/** Take in what was measured in earlier visits. */
export async function loadPaces(): Promise<void> {
  const stored = await theLibrary().settings.get<Record<string, number>>(SETTING);
  paceStore.setState(({ seconds }) => ({ seconds: { ...stored, ...seconds } }));
}

/** Note how long `units` of work took on the present device. */
export async function notePace(work: Work, units: number, took: number): Promise<void> {
  const device = engineStore.getState().status?.compute.device;
  if (!device || !(units > 0) || !(took > 0)) return;
  const seconds = { ...paceStore.getState().seconds, [keyOf(work, device)]: took / units };
  paceStore.setState({ seconds });
  await theLibrary().settings.set(SETTING, seconds);
}

function nameOf(work: Work): string {
  return work.kind === 'unet' ? `unet ${work.generatorId}` : work.kind;
}

function keyOf(work: Work, { vendor, architecture, description }: DeviceDescription): string {
  return [nameOf(work), vendor, architecture, description].join(' ');
}
