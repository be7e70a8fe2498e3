import { keys, parseDataKey } from './keys.ts';
import type { KeyValueStore } from './store.ts';

/** What makes a stored value belong to something: without that key it is an orphan. */
function ownerOf(key: string): string {
  const { subjectId, kind, id } = parseDataKey(key);
  switch (kind) {
    case 'photo':
      return keys.blob(subjectId, id);
    case 'blob':
    case 'mask':
      return keys.photo(subjectId, id);
    case 'adapter-file':
      return keys.adapter(subjectId, id);
    case 'checkpoint':
    case 'sample':
      return keys.run(subjectId, id);
    case 'tensors':
      return keys.checkpoint(subjectId, id);
    default:
      return keys.subject(subjectId);
  }
}

/**
 * Delete what belongs to nothing: pictures without a record, records without a picture, masks without a photo,
 * checkpoints without a run, data of subjects that are gone. Changes are atomic, so there should be none; a
 * browser that lost part of its data leaves some. Returns the keys that were deleted.
 */
export async function sweepOrphans(store: KeyValueStore): Promise<string[]> {
  const present = new Set(await store.keys());
  const orphans: string[] = [];
  for (;;) {
    // Repeated, since an orphan may have been the owner of others.
    const found = [...present].filter((key) => {
      if (!key.startsWith(keys.allData)) return false;
      return !present.has(keys.subject(parseDataKey(key).subjectId)) || !present.has(ownerOf(key));
    });
    if (found.length === 0) break;
    for (const key of found) present.delete(key);
    orphans.push(...found);
  }
  if (orphans.length > 0) await store.write({ remove: orphans });
  return orphans;
}
