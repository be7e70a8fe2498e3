import { createStore } from 'zustand/vanilla';
import { downloadInWorker, type ModelDownload } from '../../engine/downloaderClient.ts';
import { type CachedModel, deleteCachedModel, listCachedModels } from '../../models/weights/hub/cached.ts';
import { DEFAULT_ENDPOINT } from '../../models/weights/hub/download.ts';
import { parseModelId } from '../../models/weights/hub/modelId.ts';
import { loadEncoder } from './engine.ts';

/** A download as the drawer shows it. */
export interface LiveDownload {
  id: string;
  done: number;
  total: number;
  startedAt: number;
  /** Bytes that were there when it began. */
  startedWith: number | null;
}

/** State of the models drawer. */
export interface ModelsState {
  endpoint: string;
  cached: CachedModel[];
  download: LiveDownload | null;
  error: string | null;
}

export const modelsStore = createStore<ModelsState>(() => ({
  endpoint: DEFAULT_ENDPOINT,
  cached: [],
  download: null,
  error: null,
}));

let live: ModelDownload | undefined;

/** Look at what is in the cache. */
export async function refreshCached(): Promise<void> {
  modelsStore.setState({ cached: await listCachedModels().catch(() => []) });
}

/** Download a checkpoint, going on where an earlier download ended, and use it. */
export async function downloadAndUse(id: string): Promise<void> {
  const { endpoint } = modelsStore.getState();
  modelsStore.setState({ error: null });
  try {
    parseModelId(id);
    const startedAt = performance.now();
    modelsStore.setState({ download: { id, done: 0, total: 0, startedAt, startedWith: null } });
    live = downloadInWorker(id, endpoint, (done, total) => {
      modelsStore.setState(({ download }) =>
        download ? { download: { ...download, done, total, startedWith: download.startedWith ?? done } } : {},
      );
    });
    await live.done;
    modelsStore.setState({ download: null });
    await loadEncoder({ kind: 'hub', id });
  } catch (error) {
    const { name, message } = error as Error;
    modelsStore.setState({ error: name === 'AbortError' ? null : message });
  } finally {
    live = undefined;
    modelsStore.setState({ download: null });
    await refreshCached();
  }
}

/** Stop the download; what has arrived stays. */
export function cancelDownload(): void {
  live?.cancel();
}

/** Use another encoder; the error of one that cannot be used is kept for the drawer. */
export async function tryEncoder(source: Parameters<typeof loadEncoder>[0]): Promise<void> {
  modelsStore.setState({ error: null });
  try {
    await loadEncoder(source);
  } catch (error) {
    modelsStore.setState({ error: (error as Error).message });
  }
}

/** Delete a model from the cache. */
export async function deleteModel(id: string): Promise<void> {
  await deleteCachedModel(id);
  await refreshCached();
}
