import type { CheckpointFiles } from '../files/checkpointFiles.ts';
import { checkpointOf } from './cached.ts';
import { ChunkWriter, storedBytes, storedChunks } from './chunks.ts';
import { describeModel } from './describe.ts';
import { downloadFile } from './downloadFile.ts';
import { HubError } from './errors.ts';
import { deleteRecords, type Manifest, readManifest, writeManifest } from './manifest.ts';
import { browserModelCache, type ModelCache } from './modelCache.ts';
import { fileUrl, type ModelId, parseModelId } from './modelId.ts';
import { type Connection, RETRY_DELAYS } from './request.ts';

/** The hub's own address; any mirror with the same paths will do. */
export const DEFAULT_ENDPOINT = 'https://huggingface.co';

export interface DownloadOptions {
  endpoint?: string;
  cache?: ModelCache;
  fetch?: typeof fetch;
  /** Bytes of the weights that are here, those of an earlier attempt included, of how many. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
  /** Pauses before repetitions of a request that failed, in milliseconds. */
  retryDelays?: readonly number[];
}

/**
 * Download an encoder from the hub into the cache, or go on where an earlier attempt ended (at most 8 MiB are fetched
 * twice). A model that is complete in the cache is returned without any request. A file that changed on the hub meanwhile
 * is started afresh.
 * @param id `owner/name`, or `owner/name@revision`
 * @throws HubError with what to do; the errors of `describeModel` for a model that cannot be used; the signal's reason
 *   when aborted
 */
export async function downloadModel(id: string, options: DownloadOptions = {}): Promise<CheckpointFiles> {
  const { cache = browserModelCache(), endpoint = DEFAULT_ENDPOINT, onProgress } = options;
  const { signal, retryDelays = RETRY_DELAYS } = options;
  signal?.throwIfAborted();
  const connection: Connection = { fetch: options.fetch ?? fetch, signal, retryDelays };
  const model = parseModelId(id);
  const attempt = () => complete(connection, { cache, endpoint, model, onProgress });
  let manifest: Manifest;
  try {
    manifest = await attempt();
  } catch (error) {
    if (!(error instanceof HubError && error.problem === 'changed')) throw error;
    await deleteRecords(cache, model);
    manifest = await attempt();
  }
  return checkpointOf(manifest, cache);
}

interface Job {
  cache: ModelCache;
  endpoint: string;
  model: ModelId;
  onProgress: DownloadOptions['onProgress'];
}

async function complete(
  connection: Connection,
  { cache, endpoint, model, onProgress }: Job,
): Promise<Manifest> {
  const known = await readManifest(cache, model);
  if (known?.complete) return known;
  const manifest = known ?? (await describeModel(connection, endpoint, model));
  if (!known) await writeManifest(cache, manifest);
  const keys = new Set(await cache.keys());
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  for (const file of manifest.files) {
    // Without a version nobody could tell that the end belongs to the same file as the beginning.
    const resumable = file.version !== null;
    const writer = new ChunkWriter(cache, model, file, resumable ? storedChunks(keys, model, file) : 0);
    const start = before;
    const onBytes = (arrived: number) => onProgress?.(start + arrived, total);
    onBytes(resumable ? storedBytes(keys, model, file) : 0);
    await downloadFile(connection, { url: fileUrl(endpoint, model, file.fileName), file, writer, onBytes });
    before += file.bytes;
  }
  const done = { ...manifest, complete: true };
  await writeManifest(cache, done);
  return done;
}
