import { localEncoderId } from '../encoderId.ts';
import { abortable } from './abortable.ts';
import {
  CheckpointFileError,
  type CheckpointFiles,
  CONFIG_NAME,
  INDEX_NAME,
  PREPROCESSOR_NAME,
  WEIGHTS_NAME,
  type WeightFile,
} from './checkpointFiles.ts';
import { contentDigest } from './contentDigest.ts';
import { parseJsonFile } from './json.ts';
import { shardNames } from './shardIndex.ts';

/**
 * A checkpoint from files that were dropped on the page or chosen: config.json, the weights (model.safetensors, any
 * single .safetensors file, or model.safetensors.index.json with its files) and, where there is one,
 * preprocessor_config.json; also as a browser names a second download, "config (1).json". Other files are passed over, and
 * hidden ones, such as the "._" files of macOS. Of the weights only what tells them apart is read yet.
 * @param name what to call it, such as the folder's name
 * @param knownAs its id, where it is known by another than that of its content
 * @throws CheckpointFileError naming the missing file and what to do; SafetensorsError
 */
export async function localCheckpoint(
  given: readonly File[],
  name: string,
  knownAs?: string,
): Promise<CheckpointFiles> {
  const files = given.filter((file) => !file.name.startsWith('.'));
  const find = (fileName: string): File | undefined => {
    const exact = files.filter((file) => file.name === fileName);
    const found =
      exact.length > 0 ? exact : files.filter((file) => plainName(file.name) === plainName(fileName));
    if (found.length <= 1) return found[0];
    throw new CheckpointFileError(
      fileName,
      `is there ${found.length} times`,
      'Drop one checkpoint at a time.',
    );
  };
  const configFile = find(CONFIG_NAME);
  if (!configFile) {
    throw new CheckpointFileError(
      CONFIG_NAME,
      'is missing',
      "Drop the checkpoint's config.json together with its weights.",
    );
  }
  const preprocessorFile = find(PREPROCESSOR_NAME);
  const config = await readJson(configFile);
  const content = await weightFiles(files, find);
  const weights = content.map(toWeightFile);
  return {
    id: knownAs ?? localEncoderId(name, await contentDigest(config, content)),
    name,
    config,
    preprocessor: preprocessorFile ? await readJson(preprocessorFile) : null,
    totalBytes: weights.reduce((sum, { bytes }) => sum + bytes, 0),
    weights: () => weights,
  };
}

async function weightFiles(
  files: readonly File[],
  find: (fileName: string) => File | undefined,
): Promise<File[]> {
  const whole = find(WEIGHTS_NAME);
  if (whole) return [whole];
  const index = find(INDEX_NAME);
  if (index) {
    return shardNames(await readJson(index)).map((fileName) => {
      const file = find(fileName);
      if (file) return file;
      throw new CheckpointFileError(
        fileName,
        `is missing, but ${INDEX_NAME} names it`,
        'Drop all files at once.',
      );
    });
  }
  const candidates = files.filter((file) => /\.safetensors$/i.test(file.name));
  if (candidates.length === 1) return candidates;
  if (candidates.length > 1) {
    const names = candidates.map((file) => file.name).join(', ');
    throw new CheckpointFileError(
      INDEX_NAME,
      `is missing to join ${names}`,
      'Drop it too, or only one of them.',
    );
  }
  const pickle = files.find((file) => /\.(bin|pth|pt)$/.test(file.name));
  throw new CheckpointFileError(
    WEIGHTS_NAME,
    pickle ? `is missing; ${pickle.name} is in PyTorch's own format, which is not read` : 'is missing',
    'Drop the weights in safetensors format.',
  );
}

/** A name without case, and without the number of a second download. */
function plainName(fileName: string): string {
  return fileName.toLowerCase().replace(/ ?\(\d+\)(?=\.[^.]+$)/, '');
}

async function readJson(file: File): Promise<unknown> {
  return parseJsonFile(new Uint8Array(await file.arrayBuffer()), file.name);
}

function toWeightFile(file: File): WeightFile {
  return {
    fileName: file.name,
    bytes: file.size,
    open: async (signal) => abortable(file.stream(), signal),
  };
}
