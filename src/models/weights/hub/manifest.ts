import type { ModelCache } from './modelCache.ts';
import { formatModelId, type ModelId } from './modelId.ts';

/** Bytes of a chunk: what a download that is broken off loses at most. */
export const CHUNK_BYTES = 8 * 2 ** 20;

/** A weight file that is in the cache, or on its way there. */
export interface ManifestFile {
  fileName: string;
  bytes: number;
  /** Names the file's content (its ETag, else its date); null when the hub tells neither. */
  version: string | null;
}

/** What is known of a model in the cache; written before its first chunk. */
export interface Manifest extends ModelId {
  config: unknown;
  preprocessor: unknown | null;
  files: ManifestFile[];
  /** All chunks are there. */
  complete: boolean;
}

const MANIFEST = 'manifest';

/** Key under which a record of a model is kept. */
export function recordKey({ repository, revision }: ModelId, record: string): string {
  return `${repository}@${encodeURIComponent(revision)}/${record}`;
}

/** Key of a weight file's n-th chunk. */
export function chunkKey(model: ModelId, fileName: string, n: number): string {
  return recordKey(model, `${fileName}/${n}`);
}

export async function readManifest(cache: ModelCache, model: ModelId): Promise<Manifest | undefined> {
  const bytes = await cache.get(recordKey(model, MANIFEST));
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Manifest);
}

export async function writeManifest(cache: ModelCache, manifest: Manifest): Promise<void> {
  await cache.put(recordKey(manifest, MANIFEST), new TextEncoder().encode(JSON.stringify(manifest)));
}

/** All manifests in the cache, in the order of their ids. */
export async function listManifests(cache: ModelCache): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const key of await cache.keys()) {
    const bytes = key.endsWith(`/${MANIFEST}`) ? await cache.get(key) : undefined;
    if (bytes) manifests.push(JSON.parse(new TextDecoder().decode(bytes)) as Manifest);
  }
  const id = (manifest: Manifest) => formatModelId(manifest);
  return manifests.sort((a, b) => (id(a) < id(b) ? -1 : 1));
}

/** Delete every record of a model, its manifest last so that a deletion that is cut off can be repeated. */
export async function deleteRecords(cache: ModelCache, model: ModelId): Promise<void> {
  const prefix = recordKey(model, '');
  const keys = (await cache.keys()).filter((key) => key.startsWith(prefix) && key !== prefix + MANIFEST);
  for (const key of [...keys, prefix + MANIFEST]) await cache.delete(key);
}
