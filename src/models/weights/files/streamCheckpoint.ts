import type { Dinov2Config } from '../dinov2Config.ts';
import { type CheckpointHeader, checkTensors, dinov2TensorName, expectedTensors } from '../dinov2Tensors.ts';
import { readHeaderOf, type StreamedTensor, streamSafetensors } from '../safetensors/stream.ts';
import type { CheckpointFiles } from './checkpointFiles.ts';

export interface StreamCheckpointOptions {
  signal?: AbortSignal;
  /** Bytes read of `files.totalBytes`. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Yields every tensor of an encoder from its checkpoint, one at a time, under its name in `Dinov2Model`; tensors that the
 * encoder does not have (a head's, the mask token) are left out. Before the first one the headers of all its files are checked against the config, so that a wrong checkpoint is refused before anything is
 * uploaded. A file that turns out to be cut short is noticed on the way: keep what was loaded before until the end.
 * @throws SafetensorsError, CheckpointTensorError, and the signal's reason
 */
export async function* streamCheckpoint(
  files: CheckpointFiles,
  config: Dinov2Config,
  { signal, onProgress }: StreamCheckpointOptions = {},
): AsyncGenerator<StreamedTensor, void, void> {
  const headers: CheckpointHeader[] = [];
  for (const { fileName, bytes, open } of files.weights()) {
    const header = await readHeaderOf(await open(signal), { fileName, totalBytes: bytes });
    headers.push({ fileName, header });
  }
  checkTensors(headers, config);
  const wanted = expectedTensors(config);
  let before = 0;
  for (const { fileName, bytes, open } of files.weights()) {
    const tensors = streamSafetensors(await open(signal), {
      fileName,
      totalBytes: bytes,
      onProgress: (done) => onProgress?.(before + done, files.totalBytes),
    });
    for await (const tensor of tensors) {
      signal?.throwIfAborted();
      const name = dinov2TensorName(tensor.name);
      if (wanted.has(name)) yield { ...tensor, name };
    }
    before += bytes;
  }
}
