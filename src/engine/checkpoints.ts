import type { CheckpointFiles } from '../models/weights/files/checkpointFiles.ts';
import { embeddedCheckpoint } from '../models/weights/files/embedded.ts';
import { localCheckpoint } from '../models/weights/files/local.ts';
import { cachedCheckpoint } from '../models/weights/hub/cached.ts';
import type { EncoderSource } from './protocol.ts';

/**
 * The files behind an encoder source. Nothing is fetched from another origin here: hub checkpoints must have been
 * downloaded to the cache before.
 */
export async function checkpointFrom(source: EncoderSource, baseUrl: string): Promise<CheckpointFiles> {
  if (source.kind === 'embedded') return embeddedCheckpoint(baseUrl);
  if (source.kind === 'files') return localCheckpoint(source.files, source.name, source.id);
  return cachedCheckpoint(source.revision ? `${source.id}@${source.revision}` : source.id);
}
