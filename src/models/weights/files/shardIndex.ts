import { CheckpointFileError, INDEX_NAME } from './checkpointFiles.ts';

/**
 * Names of the files over which a checkpoint's weights are spread, in the order of their names.
 * @param json the parsed model.safetensors.index.json
 * @throws CheckpointFileError
 */
export function shardNames(json: unknown): string[] {
  const map = (json as { weight_map?: unknown } | null)?.weight_map;
  const names = typeof map === 'object' && map !== null ? [...new Set(Object.values(map))] : [];
  if (names.length === 0) {
    throw new CheckpointFileError(INDEX_NAME, 'names no weight file (weight_map)', 'Get the file again.');
  }
  for (const name of names) {
    // The name becomes part of an address: it must stay within the checkpoint.
    if (typeof name !== 'string' || !/^[\w.-]+\.safetensors$/.test(name)) {
      throw new CheckpointFileError(
        INDEX_NAME,
        `names ${JSON.stringify(name)}, which is no safetensors file beside it`,
        'Choose a checkpoint in safetensors format.',
      );
    }
  }
  return (names as string[]).sort();
}
