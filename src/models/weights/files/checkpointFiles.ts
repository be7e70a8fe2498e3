/** One safetensors file of a checkpoint. */
export interface WeightFile {
  fileName: string;
  bytes: number;
  /** The file from its start; aborting errors the stream with the signal's reason. */
  open(signal?: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** A checkpoint's files, wherever they are kept: shipped with the page, dropped on it, or in the hub's cache. */
export interface CheckpointFiles {
  /** `embedded`, a hub id, or `local:<name>@<digest of the content>`; see `encoderId.ts`. */
  id: string;
  /** For people. */
  name: string;
  /** The parsed config.json; see `readVitConfig`. */
  config: unknown;
  /** The parsed preprocessor_config.json; null when there is none. See `readPreprocessing`. */
  preprocessor: unknown | null;
  /** Sum over the weight files. */
  totalBytes: number;
  /** The weight files, at least one. */
  weights(): readonly WeightFile[];
}

/** Name of the weights when they are in one file. */
export const WEIGHTS_NAME = 'model.safetensors';

/** Name of the list of files when the weights are in several. */
export const INDEX_NAME = 'model.safetensors.index.json';

export const CONFIG_NAME = 'config.json';

export const PREPROCESSOR_NAME = 'preprocessor_config.json';

/** A file of a checkpoint that is missing or not what its name says; the message names it and says what to do. */
export class CheckpointFileError extends Error {
  override readonly name = 'CheckpointFileError';
  constructor(
    readonly fileName: string,
    problem: string,
    remedy: string,
  ) {
    super(`${fileName} ${problem}. ${remedy}`);
  }
}
