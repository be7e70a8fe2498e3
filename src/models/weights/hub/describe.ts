import { familyOf } from '../../vit/families/index.ts';
import { parametersOf } from '../../vit/parameters.ts';
import { readRunnableConfig } from '../../vit/runnable.ts';
import { CONFIG_NAME, INDEX_NAME, PREPROCESSOR_NAME, WEIGHTS_NAME } from '../files/checkpointFiles.ts';
import { parseJsonFile } from '../files/json.ts';
import { readPreprocessing } from '../files/preprocessor.ts';
import { shardNames } from '../files/shardIndex.ts';
import { type CheckpointHeader, findParameters } from '../parameters.ts';
import { readHeaderOf } from '../safetensors/stream.ts';
import { HubError } from './errors.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { fileUrl, formatModelId, type ModelId } from './modelId.ts';
import { type Connection, request, versionOf, withRetries } from './request.ts';

/**
 * Find out what a model on the hub is made of, and whether it is an encoder that can be used, before its weights are
 * downloaded: the configuration, and of each weight file the header alone.
 * @throws HubError, VitConfigError, PreprocessConfigError, CheckpointFileError, CheckpointTensorError,
 *   SafetensorsError; the signal's reason when aborted
 */
export async function describeModel(
  connection: Connection,
  endpoint: string,
  model: ModelId,
): Promise<Manifest> {
  const id = formatModelId(model);
  const getBytes = (fileName: string): Promise<Uint8Array> =>
    withRetries(connection, async () => {
      const response = await request(connection, fileUrl(endpoint, model, fileName), `${id}, ${fileName}`);
      return unbroken(`${id}, ${fileName}`, connection.signal, bytesOf(response));
    });
  const optional = async (fileName: string): Promise<unknown | null> => {
    const bytes = await unlessMissing(getBytes(fileName));
    return bytes === undefined ? null : parseJsonFile(bytes, fileName);
  };

  const config = parseJsonFile(await getBytes(CONFIG_NAME), CONFIG_NAME);
  const encoder = readRunnableConfig(config);
  const preprocessor = await optional(PREPROCESSOR_NAME);
  readPreprocessing({ preprocessor });
  const headers: CheckpointHeader[] = [];
  const files: ManifestFile[] = [];
  const inspect = (fileName: string): Promise<void> =>
    withRetries(connection, async () => {
      const what = `${id}, ${fileName}`;
      const response = await request(connection, fileUrl(endpoint, model, fileName), what);
      if (!response.body) throw new HubError('network', `${what}: the answer is empty`);
      const version = versionOf(response);
      const header = await unbroken(what, connection.signal, readHeaderOf(response.body, { fileName }));
      headers.push({ fileName, header });
      files.push({ fileName, bytes: header.totalBytes, version });
    });
  const whole = await unlessMissing(inspect(WEIGHTS_NAME).then(() => true));
  if (!whole) {
    const index = await optional(INDEX_NAME);
    if (index === null) {
      throw new HubError('not-found', `${id} has no weights in safetensors format`, 404);
    }
    for (const fileName of shardNames(index)) await inspect(fileName);
  }
  findParameters(parametersOf(encoder), headers, familyOf(encoder).name);
  return { ...model, config, preprocessor, files, complete: false };
}

/** The value, or undefined when the hub has no such file. */
async function unlessMissing<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof HubError && error.problem === 'not-found') return undefined;
    throw error;
  }
}

/** What was read from an answer; when the connection broke off meanwhile, an error that says so. */
async function unbroken<T>(what: string, signal: AbortSignal | undefined, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    signal?.throwIfAborted();
    // What `fetch` throws for a lost connection; a wrong file has an error class of its own.
    if (!(error instanceof TypeError)) throw error;
    throw new HubError('network', `${what}: the connection broke off`, undefined, { cause: error });
  }
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}
