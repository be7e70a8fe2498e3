import { describe, expect, it, vi } from 'vitest';
import { tensorShapes } from '../../vit/parameters.ts';
import { CheckpointTensorError } from '../parameters.ts';
import { SafetensorsError } from '../safetensors/errors.ts';
import { errorOf } from '../safetensors/testing.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { localCheckpoint } from './local.ts';
import { type StreamCheckpointOptions, streamCheckpoint } from './streamCheckpoint.ts';
import { TINY_CONFIG, TINY_JSON, TINY_PARAMETERS, tinyFile, tinyShards, tinyTensors } from './testing.ts';

const config = new File([JSON.stringify(TINY_JSON)], 'config.json');

async function collect(files: File[], options: StreamCheckpointOptions = {}): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  const checkpoint = await localCheckpoint([config, ...files], 'x');
  for await (const { name, values } of streamCheckpoint(checkpoint, TINY_PARAMETERS, 'tiny', options))
    found.set(name.replace('dinov2.', ''), [...values]);
  return found;
}

function expectTiny(found: Map<string, number[]>): void {
  const written = tinyTensors();
  expect([...found.keys()].sort()).toEqual([...tensorShapes(TINY_CONFIG).keys()].sort());
  for (const [name, values] of found) expect(values, name).toEqual([...written[name]!.values]);
}

describe('streamCheckpoint', () => {
  it('yields all tensors of the encoder and no other', async () => {
    expectTiny(await collect([new File([tinyFile()], 'model.safetensors')]));
  });

  it('yields them from several files, with progress over all of them', async () => {
    const { index, shards } = tinyShards();
    const files = Object.entries(shards).map(([name, bytes]) => new File([bytes], name));
    const onProgress = vi.fn<(done: number, total: number) => void>();
    expectTiny(await collect([...files, new File([index], 'model.safetensors.index.json')], { onProgress }));
    const total = files.reduce((sum, file) => sum + file.size, 0);
    const done = onProgress.mock.calls.map(([bytes]) => bytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done).toContain(files[0]!.size);
    expect(onProgress.mock.lastCall).toEqual([total, total]);
  });

  it('takes the encoder out of a model with a head', async () => {
    const tensors = Object.fromEntries(
      Object.entries(tinyTensors()).map(([name, tensor]) => [`dinov2.${name}`, tensor]),
    );
    tensors['classifier.bias'] = { shape: [2], values: new Float32Array(2) };
    expectTiny(await collect([new File([writeSafetensors(tensors)], 'model.safetensors')]));
  });

  it('refuses weights of another model before the first tensor', async () => {
    const { 'layernorm.bias': _, ...rest } = tinyTensors();
    const onProgress = vi.fn<() => void>();
    const file = new File([writeSafetensors(rest)], 'model.safetensors');
    const error = await errorOf(() => collect([file], { onProgress }));
    expect(error).toBeInstanceOf(CheckpointTensorError);
    expect(error.message).toContain('"layernorm.bias" is missing');
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('names the tensor and byte at which a file was cut', async () => {
    const bytes = tinyFile();
    const error = await errorOf(() => collect([new File([bytes.subarray(0, -5)], 'model.safetensors')]));
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(error).toMatchObject({ tensor: 'layernorm.weight', byteOffset: bytes.length - 5 });
  });

  it('stops when aborted', async () => {
    const abort = new AbortController();
    abort.abort(new RangeError('enough'));
    const file = new File([tinyFile()], 'model.safetensors');
    expect(await errorOf(() => collect([file], { signal: abort.signal }))).toEqual(new RangeError('enough'));
  });
});
