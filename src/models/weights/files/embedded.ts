import { EMBEDDED_ID } from '../encoderId.ts';
import { readHeaderOf } from '../safetensors/stream.ts';
import {
  CheckpointFileError,
  type CheckpointFiles,
  CONFIG_NAME,
  PREPROCESSOR_NAME,
  WEIGHTS_NAME,
} from './checkpointFiles.ts';
import { parseJsonFile } from './json.ts';

/** Folder of the embedded encoder under the page's base address. */
const FOLDER = 'models/encoder/';

export interface EmbeddedOptions {
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

/**
 * The encoder that is shipped with the page.
 * @param baseUrl address that `models/encoder/` is under, with a slash at its end
 * @throws CheckpointFileError, SafetensorsError
 */
export async function embeddedCheckpoint(
  baseUrl: string,
  { fetch: fetchFile = fetch, signal }: EmbeddedOptions = {},
): Promise<CheckpointFiles> {
  const get = async (fileName: string, abort?: AbortSignal): Promise<Response> => {
    const response = await fetchFile(new URL(FOLDER + fileName, baseUrl), abort ? { signal: abort } : {});
    if (response.ok) return response;
    await response.body?.cancel();
    throw new CheckpointFileError(
      FOLDER + fileName,
      `could not be loaded (HTTP ${response.status})`,
      'It belongs to the installation of this page: build and serve it again.',
    );
  };
  const open = async (abort?: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    const { body } = await get(WEIGHTS_NAME, abort);
    if (body) return body;
    throw new CheckpointFileError(FOLDER + WEIGHTS_NAME, 'is empty', 'Build and serve the page again.');
  };
  const json = async (fileName: string): Promise<unknown> =>
    parseJsonFile(new Uint8Array(await (await get(fileName, signal)).arrayBuffer()), fileName);
  const config = await json(CONFIG_NAME);
  const preprocessor = await json(PREPROCESSOR_NAME);
  // From the file's own header: the length that a server tells may be that of a compressed transfer.
  const { totalBytes } = await readHeaderOf(await open(signal), { fileName: WEIGHTS_NAME });
  return {
    id: EMBEDDED_ID,
    name: 'Embedded encoder',
    config,
    preprocessor,
    totalBytes,
    weights: () => [{ fileName: WEIGHTS_NAME, bytes: totalBytes, open }],
  };
}
