import { describe, expect, it } from 'vitest';
import { errorOf } from '../safetensors/testing.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { CheckpointFileError } from './checkpointFiles.ts';
import { localCheckpoint } from './local.ts';
import { readPreprocessing } from './preprocessor.ts';
import { TINY_JSON, tinyFile, tinyShards } from './testing.ts';

const json = (name: string, value: unknown) => new File([JSON.stringify(value)], name);
const config = json('config.json', TINY_JSON);
const weights = new File([tinyFile()], 'model.safetensors');
const { index, shards } = tinyShards();
const shardFiles = Object.entries(shards).map(([name, bytes]) => new File([bytes], name));
const indexFile = new File([index], 'model.safetensors.index.json');

async function refusal(files: File[]): Promise<Error> {
  const error = await errorOf(() => localCheckpoint(files, 'x'));
  expect(error).toBeInstanceOf(CheckpointFileError);
  return error;
}

describe('localCheckpoint', () => {
  it('takes config and weights, and passes over the rest', async () => {
    const files = await localCheckpoint([new File([''], 'README.md'), weights, config], 'my folder');
    expect(files).toMatchObject({ name: 'my folder', config: TINY_JSON });
    expect(files.id).toMatch(/^local:my folder@[0-9a-f]{12}$/);
    expect(
      (await localCheckpoint([weights, config], 'facebook/dinov2-small', 'facebook/dinov2-small')).id,
    ).toBe('facebook/dinov2-small');
    expect(files.preprocessor).toBeNull();
    expect(files.totalBytes).toBe(weights.size);
    const stream = await files.weights()[0]!.open();
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(tinyFile());
  });

  it('passes over the files that macOS puts beside others, and byte order marks', async () => {
    const hidden = [weights, config].map(({ name }) => new File(['x'], `._${name}`));
    const marked = new File(['\uFEFF', JSON.stringify(TINY_JSON)], 'config.json');
    const files = await localCheckpoint([...hidden, marked, weights], 'x');
    expect(files.config).toEqual(TINY_JSON);
    expect(files.id).toBe((await localCheckpoint([config, weights], 'x')).id);
  });

  it('takes the names of a second download and of another case', async () => {
    const { id } = await localCheckpoint([config, weights], 'x');
    const renamed = (file: File, name: string) => new File([file], name);
    const second = [renamed(config, 'config (1).json'), renamed(weights, 'model (1).safetensors')];
    expect((await localCheckpoint(second, 'x')).id).toBe(id);
    const loud = [renamed(config, 'Config.JSON'), renamed(weights, 'Tiny.SAFETENSORS')];
    expect((await localCheckpoint(loud, 'x')).id).toBe(id);
    // The very name comes before those that are like it.
    const both = [json('config (1).json', { ...TINY_JSON, hidden_size: 9 }), config, weights];
    expect((await localCheckpoint(both, 'x')).id).toBe(id);
    const index1 = renamed(indexFile, 'model.safetensors.index (1).json');
    expect((await localCheckpoint([config, index1, ...shardFiles], 'x')).weights()).toHaveLength(2);
    expect((await refusal([...second, renamed(config, 'config (2).json')])).message).toContain('2 times');
  });

  it('takes a preprocessor_config.json, and DINOv2’s own way where there is none', async () => {
    const own = { size: 40, crop_size: 32, resample: 2, image_mean: [0, 0, 0], image_std: [1, 1, 1] };
    const preprocessor = json('preprocessor_config.json', own);
    const withOne = await localCheckpoint([weights, config, preprocessor], 'x');
    expect(readPreprocessing(withOne)).toMatchObject({ resizeShortestEdge: 40, cropWidth: 32 });
    const without = readPreprocessing(await localCheckpoint([weights, config], 'x'));
    expect(without).toMatchObject({ resizeShortestEdge: 256, cropHeight: 224, resample: 'bicubic' });
    expect(without.std).toEqual([0.229, 0.224, 0.225]);
  });

  it('takes weights in several files, and one file of another name', async () => {
    const several = await localCheckpoint([config, ...shardFiles.toReversed(), indexFile], 'x');
    expect(several.weights().map(({ fileName }) => fileName)).toEqual(Object.keys(shards));
    expect(several.totalBytes).toBe(shardFiles.reduce((sum, file) => sum + file.size, 0));
    const renamed = new File([tinyFile()], 'dinov2-tiny.safetensors');
    const files = await localCheckpoint([config, renamed], 'x');
    expect(files.weights()[0]!.fileName).toBe('dinov2-tiny.safetensors');
  });

  it('names what is missing, and what to do', async () => {
    expect((await refusal([weights])).message).toMatch(/^config\.json is missing\. Drop /);
    expect((await refusal([config])).message).toMatch(/^model\.safetensors is missing\. Drop /);
    const pickle = new File(['x'], 'pytorch_model.bin');
    expect((await refusal([config, pickle])).message).toContain(
      "pytorch_model.bin is in PyTorch's own format",
    );
    expect((await refusal([config, indexFile, shardFiles[0]!])).message).toContain(
      'model-00002-of-00002.safetensors is missing, but model.safetensors.index.json names it',
    );
    expect((await refusal([config, ...shardFiles])).message).toContain(
      'model.safetensors.index.json is missing',
    );
  });

  it('refuses two checkpoints at once', async () => {
    expect((await refusal([config, config, weights])).message).toContain('config.json is there 2 times');
  });

  it('refuses JSON files that are none', async () => {
    const page = new File(['<!doctype html>'], 'config.json');
    expect((await refusal([page, weights])).message).toContain('config.json is a web page');
    const index = json('model.safetensors.index.json', {});
    expect((await refusal([config, index])).message).toContain('names no weight file');
    const outside = json('model.safetensors.index.json', { weight_map: { a: '../x.safetensors' } });
    expect((await refusal([config, outside])).message).toContain('no safetensors file beside it');
  });

  it('stops reading when aborted', async () => {
    const values = new Float32Array(1_250_000);
    const bytes = writeSafetensors({ x: { shape: [values.length], values } });
    const parts = Array.from({ length: 51 }, (_, i) => bytes.subarray(i * 100_000, (i + 1) * 100_000));
    const big = new File(parts, 'model.safetensors');
    const files = await localCheckpoint([config, big], 'x');
    const abort = new AbortController();
    const reader = (await files.weights()[0]!.open(abort.signal)).getReader();
    await reader.read();
    abort.abort(new RangeError('enough'));
    const error = await errorOf(async () => {
      for (;;) if ((await reader.read()).done) return;
    });
    expect(error).toEqual(new RangeError('enough'));
  });
});
