import { abortable } from '../files/abortable.ts';
import type { CheckpointFiles } from '../files/checkpointFiles.ts';
import { readChunks, storedBytes } from './chunks.ts';
import { HubError } from './errors.ts';
import { deleteRecords, listManifests, type Manifest, readManifest } from './manifest.ts';
import { browserModelCache, type ModelCache } from './modelCache.ts';
import { formatModelId, parseModelId } from './modelId.ts';

/** A model in the cache, whole or on its way. */
export interface CachedModel {
  /** As `downloadModel` takes it. */
  id: string;
  /** Size of the weights. */
  totalBytes: number;
  /** Of which so many are here. */
  cachedBytes: number;
  complete: boolean;
}

/**
 * A downloaded model's files, without any request.
 * @param id `owner/name`, or `owner/name@revision`
 * @throws HubError when it is not, or not wholly, in the cache
 */
export async function cachedCheckpoint(
  id: string,
  cache: ModelCache = browserModelCache(),
): Promise<CheckpointFiles> {
  const model = parseModelId(id);
  const manifest = await readManifest(cache, model);
  if (manifest?.complete) return checkpointOf(manifest, cache);
  const state = manifest ? 'is only partly' : 'is not';
  throw new HubError('not-cached', `${formatModelId(model)} ${state} on this device`);
}

/** The files of a model that is complete in the cache. */
export function checkpointOf(manifest: Manifest, cache: ModelCache): CheckpointFiles {
  const { config, preprocessor, files } = manifest;
  const id = formatModelId(manifest);
  const weights = files.map((file) => ({
    fileName: file.fileName,
    bytes: file.bytes,
    open: async (signal?: AbortSignal) => abortable(readChunks(cache, manifest, file), signal),
  }));
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { id, name: id, config, preprocessor, totalBytes, weights: () => weights };
}

/** Models in the cache, in the order of their ids. */
export async function listCachedModels(cache: ModelCache = browserModelCache()): Promise<CachedModel[]> {
  const keys = new Set(await cache.keys());
  return (await listManifests(cache)).map((manifest) => ({
    id: formatModelId(manifest),
    totalBytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    cachedBytes: manifest.files.reduce((sum, file) => sum + storedBytes(keys, manifest, file), 0),
    complete: manifest.complete,
  }));
}

/** Remove a model from the cache, whole or not; one that is not there is no error. @throws HubError for a wrong id */
export async function deleteCachedModel(id: string, cache: ModelCache = browserModelCache()): Promise<void> {
  await deleteRecords(cache, parseModelId(id));
}
