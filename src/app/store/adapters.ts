import { createStore } from 'zustand/vanilla';
import type { AdapterFiles } from '../../library/records/adapters.ts';
import type { AdapterRecord } from '../../library/types.ts';
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from '../../models/peft/adapterConfig.ts';
import type { AdapterFile } from '../../models/peft/adapterFiles.ts';
import { exportPeft } from '../../models/peft/exportPeft.ts';
import { type AdapterFit, adapterFit } from '../../models/peft/fit.ts';
import { importPeft, type ReadAdapter } from '../../models/peft/importPeft.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { engineStore, theEngine } from './engine.ts';
import { isGeneratorLora } from './generatorLoras.ts';
import { libraryStore, refresh, theLibrary } from './library.ts';

/** Which adapter the personalized side uses. */
export interface AdaptersState {
  appliedId: string | null;
  /** Grows whenever the personalized weights change. */
  version: number;
}

export const adaptersStore = createStore<AdaptersState>(() => ({ appliedId: null, version: 0 }));

// An encoder that was just loaded has no adapter, also where it is the one from before.
engineStore.subscribe(({ encoder }, before) => {
  if (encoder === before.encoder) return;
  adaptersStore.setState(({ appliedId, version }) =>
    appliedId === null ? {} : { appliedId: null, version: version + 1 },
  );
});

/** The two files of an adapter, by name. */
export function adapterFiles(adapter: LoraAdapter): AdapterFiles {
  const { weights, config } = exportPeft(adapter);
  return { [ADAPTER_WEIGHTS_FILE]: weights, [ADAPTER_CONFIG_FILE]: new TextEncoder().encode(config) };
}

/** Whether a stored adapter was made for the encoder in use; `other` while there is none, and for a generator's LoRA. */
export function fitOf(record: AdapterRecord, encoderId = engineStore.getState().encoder?.id): AdapterFit {
  if (encoderId === undefined || isGeneratorLora(record)) return 'other';
  return adapterFit(record.encoderId, encoderId);
}

/**
 * Read an adapter from its files, checked against the encoder in use.
 * @throws AdapterError naming what does not fit
 */
export function readAdapter(files: readonly AdapterFile[]): ReadAdapter {
  const { encoder } = engineStore.getState();
  if (!encoder) throw new Error('No encoder is loaded, so the adapter cannot be checked.');
  return importPeft(files, encoder.config);
}

/** A stored adapter, checked against the encoder in use. */
export async function readStored(record: AdapterRecord): Promise<LoraAdapter> {
  const files = await theLibrary().adapters.files(record);
  return readAdapter(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))).adapter;
}

/** Use an adapter on the personalized side. */
export async function applyWeights(adapter: LoraAdapter | null, id: string | null): Promise<void> {
  await theEngine().setAdapter(adapter);
  adaptersStore.setState(({ version }) => ({ appliedId: id, version: version + 1 }));
}

/**
 * Use a stored adapter, or none.
 * @throws Error when it was made for another encoder, or does not say for which: see `adoptAdapter`
 */
export async function applyAdapter(record: AdapterRecord | null): Promise<void> {
  if (!record) return applyWeights(null, null);
  const fit = fitOf(record);
  if (fit === 'other')
    throw new Error(`It was made for ${encoderLabel(record.encoderId)}. Load that encoder to use it.`);
  if (fit === 'unnamed') throw new Error('It does not say which encoder it was made for.');
  await applyWeights(await readStored(record), record.id);
}

/**
 * Take an adapter that does not say which encoder it was made for as one for the encoder in use, from now on, and use it.
 * @throws AdapterError when its shapes do not fit
 */
export async function adoptAdapter(record: AdapterRecord): Promise<void> {
  const { encoder } = engineStore.getState();
  const adapter = await readStored(record);
  const encoderId = encoder!.id;
  const files = adapterFiles({ ...adapter, baseModel: encoderId });
  const adopted = await theLibrary().adapters.update(record, { encoderId }, files);
  await refresh();
  await applyAdapter(adopted);
}

/**
 * Store an adapter, and use it where its subject is open and the encoder in use is the one it was made for.
 * @returns whether it is in use
 */
export async function storeAdapter(
  subjectId: string,
  adapter: LoraAdapter,
  fields: { name: string; settings: unknown; runId?: string },
): Promise<{ record: AdapterRecord; applied: boolean }> {
  const record = await theLibrary().adapters.add(
    subjectId,
    { ...fields, encoderId: adapter.baseModel },
    adapterFiles(adapter),
  );
  const isOpen = libraryStore.getState().current?.id === subjectId;
  const applied = isOpen && fitOf(record) === 'same';
  if (applied) await applyWeights(adapter, record.id);
  if (isOpen) await refresh();
  return { record, applied };
}

/** Use the newest adapter of the open subject that belongs to the encoder in use, or none. */
export async function applyNewest(): Promise<void> {
  const { adapters } = libraryStore.getState();
  const newest = adapters.find((record) => fitOf(record) === 'same') ?? null;
  if ((newest?.id ?? null) === adaptersStore.getState().appliedId && !newest) return;
  await applyAdapter(newest);
}
