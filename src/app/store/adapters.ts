import { createStore } from 'zustand/vanilla';
import type { AdapterRecord } from '../../library/types.ts';
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from '../../models/peft/adapterConfig.ts';
import { exportPeft } from '../../models/peft/exportPeft.ts';
import { importPeft } from '../../models/peft/importPeft.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { engineStore, theEngine } from './engine.ts';
import { libraryStore, refresh, theLibrary } from './library.ts';

/** Which adapter the personalized side uses. */
export interface AdaptersState {
  appliedId: string | null;
  /** Grows whenever the personalized weights change. */
  version: number;
}

export const adaptersStore = createStore<AdaptersState>(() => ({ appliedId: null, version: 0 }));

/** The two files of an adapter, by name. */
export function adapterFiles(adapter: LoraAdapter): Record<string, Uint8Array<ArrayBuffer>> {
  const { weights, config } = exportPeft(adapter);
  return { [ADAPTER_WEIGHTS_FILE]: weights, [ADAPTER_CONFIG_FILE]: new TextEncoder().encode(config) };
}

/**
 * Read an adapter from its two files, checked against the encoder in use.
 * @throws AdapterError naming what does not fit
 */
export function readAdapter(files: Record<string, Uint8Array>): LoraAdapter {
  const { encoder } = engineStore.getState();
  if (!encoder) throw new Error('No encoder is loaded, so the adapter cannot be checked.');
  const weights = files[ADAPTER_WEIGHTS_FILE];
  const config = files[ADAPTER_CONFIG_FILE];
  if (!weights) throw new Error(`${ADAPTER_WEIGHTS_FILE} is missing. Choose both files of the adapter.`);
  if (!config) throw new Error(`${ADAPTER_CONFIG_FILE} is missing. Choose both files of the adapter.`);
  return importPeft({ weights, config: new TextDecoder().decode(config) }, encoder.config);
}

/** Use an adapter on the personalized side. */
export async function applyWeights(adapter: LoraAdapter | null, id: string | null): Promise<void> {
  await theEngine().setAdapter(adapter);
  adaptersStore.setState(({ version }) => ({ appliedId: id, version: version + 1 }));
}

/** Use a stored adapter, or none. */
export async function applyAdapter(record: AdapterRecord | null): Promise<void> {
  if (!record) return applyWeights(null, null);
  const files = await theLibrary().adapters.files(record);
  await applyWeights(readAdapter(files), record.id);
}

/** Store a trained adapter and use it. */
export async function storeAdapter(
  subjectId: string,
  adapter: LoraAdapter,
  fields: { name: string; settings: unknown; runId?: string },
): Promise<AdapterRecord> {
  const record = await theLibrary().adapters.add(
    subjectId,
    { ...fields, encoderId: adapter.baseModel },
    adapterFiles(adapter),
  );
  if (libraryStore.getState().current?.id === subjectId) {
    await applyWeights(adapter, record.id);
    await refresh();
  }
  return record;
}

/** Use the newest adapter of the open subject that belongs to the encoder in use, or none. */
export async function applyNewest(): Promise<void> {
  const { adapters } = libraryStore.getState();
  const { encoder } = engineStore.getState();
  const newest = adapters.find(({ encoderId }) => encoderId === encoder?.id) ?? null;
  if ((newest?.id ?? null) === adaptersStore.getState().appliedId && !newest) return;
  await applyAdapter(newest);
}
