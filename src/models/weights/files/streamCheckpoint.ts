import {
  type CheckpointHeader,
  type Destination,
  findParameters,
  type ParameterSpec,
} from '../parameters.ts';
import { readHeaderOf, type StreamedTensor, streamSafetensors } from '../safetensors/stream.ts';
import type { CheckpointFiles } from './checkpointFiles.ts';

export interface StreamCheckpointOptions {
  signal?: AbortSignal | undefined;
  /** Bytes read of `files.totalBytes`. */
  onProgress?: (done: number, total: number) => void;
}

/** A tensor of a checkpoint, and where in the model it goes. */
export interface PlacedTensor extends StreamedTensor {
  destination: Destination;
}

/**
 * Yields every tensor that a model's parameters are made of from its checkpoint, one at a time; others (a head's, the mask token)
 * are left out. Before the first one the headers of all files are checked against the parameters, so that a wrong checkpoint is
 * refused before anything is uploaded. A file that turns out to be cut short is noticed on the way: keep what was loaded before
 * until the end.
 * @param model what it is called in messages
 * @throws SafetensorsError, CheckpointTensorError, and the signal's reason
 */
export async function* streamCheckpoint(
  files: CheckpointFiles,
  specs: readonly ParameterSpec[],
  model: string,
  { signal, onProgress }: StreamCheckpointOptions = {},
): AsyncGenerator<PlacedTensor, void, void> {
  const headers: CheckpointHeader[] = [];
  for (const { fileName, bytes, open } of files.weights()) {
    const header = await readHeaderOf(await open(signal), { fileName, totalBytes: bytes });
    headers.push({ fileName, header });
  }
  const wanted = findParameters(specs, headers, model);
  let before = 0;
  for (const { fileName, bytes, open } of files.weights()) {
    const tensors = streamSafetensors(await open(signal), {
      fileName,
      totalBytes: bytes,
      onProgress: (done) => onProgress?.(before + done, files.totalBytes),
    });
    for await (const tensor of tensors) {
      signal?.throwIfAborted();
      const destination = wanted.get(tensor.name);
      if (destination) yield placed(tensor, destination);
    }
    before += bytes;
  }
}

/** With its numbers still made only when they are asked for. */
function placed(tensor: StreamedTensor, destination: Destination): PlacedTensor {
  return Object.defineProperties({ destination }, Object.getOwnPropertyDescriptors(tensor)) as PlacedTensor;
}
