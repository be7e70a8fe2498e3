import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDinov2Config } from './dinov2Config.ts';
import { CheckpointTensorError, checkTensors, dinov2TensorName, expectedTensors } from './dinov2Tensors.ts';
import type { TensorEntry } from './safetensors/header.ts';
import { readHeader } from './safetensors/parse.ts';

const CONFIG = readDinov2Config({
  model_type: 'dinov2',
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  patch_size: 4,
  image_size: 14,
  mlp_ratio: 2,
});

/** A header with exactly the expected tensors, changed by `change`. */
function headerWith(change: (tensors: Map<string, number[]>) => void = () => {}, prefix = '') {
  const shapes = expectedTensors(CONFIG);
  change(shapes);
  const tensors = [...shapes].map(
    ([name, shape]): TensorEntry => ({ name: prefix + name, dtype: 'F32', shape, begin: 0, end: 0 }),
  );
  return { fileName: 'model.safetensors', header: { tensors } };
}

describe('expectedTensors', () => {
  it('counts the parameters of DINOv2-S and its tensors', () => {
    const small = readDinov2Config({
      model_type: 'dinov2',
      hidden_size: 384,
      num_attention_heads: 6,
      image_size: 518,
    });
    const shapes = [...expectedTensors(small).values()];
    const parameters = shapes.reduce(
      (sum, shape) => sum + shape.reduce((product, size) => product * size, 1),
      0,
    );
    // 12 layers of 18 tensors, four embeddings, the last norm. By hand: 12·(12·384² + 13·384 + 2·384) + 1370·384 + 384 +
    // (588 + 1)·384 + 2·384; the 22.06 million that are published.
    expect(shapes).toHaveLength(12 * 18 + 4 + 2);
    expect(parameters).toBe(22_056_192);
  });

  it('rounds a grid down and leaves out biases that are not there', () => {
    const shapes = expectedTensors({ ...CONFIG, qkvBias: false });
    expect(shapes.get('embeddings.position_embeddings')).toEqual([1, 1 + 3 * 3, 8]);
    expect(shapes.get('encoder.layer.1.mlp.fc1.weight')).toEqual([16, 8]);
    expect(shapes.has('encoder.layer.0.attention.attention.query.bias')).toBe(false);
    expect(shapes.has('encoder.layer.0.attention.output.dense.bias')).toBe(true);
  });
});

describe('checkTensors', () => {
  it('takes a complete checkpoint, with a mask token, a head or a prefix too', () => {
    checkTensors([headerWith()], CONFIG);
    checkTensors([headerWith((tensors) => tensors.set('embeddings.mask_token', [1, 8]))], CONFIG);
    checkTensors([headerWith((tensors) => tensors.set('classifier.weight', [10, 16]))], CONFIG);
    checkTensors([headerWith(undefined, 'dinov2.')], CONFIG);
    expect(dinov2TensorName('dinov2.layernorm.bias')).toBe('layernorm.bias');
  });

  it('takes a checkpoint in two files', () => {
    const first = headerWith((tensors) => tensors.delete('layernorm.weight'));
    const layernorm: TensorEntry = { name: 'layernorm.weight', dtype: 'BF16', shape: [8], begin: 0, end: 0 };
    const second = { fileName: 'second', header: { tensors: [layernorm] } };
    checkTensors([first, second], CONFIG);
    expect(() => checkTensors([first], CONFIG)).toThrow(
      /"layernorm.weight" is missing; config.json asks for it as \[8\]/,
    );
  });

  it('names a mis-shaped tensor with both shapes, and its file', () => {
    const wrong = headerWith((tensors) => tensors.set('encoder.layer.1.mlp.fc2.weight', [8, 32]));
    const check = () => checkTensors([wrong], CONFIG);
    expect(check).toThrow(CheckpointTensorError);
    expect(check).toThrow(
      /model\.safetensors: tensor "encoder\.layer\.1\.mlp\.fc2\.weight" is \[8, 32\]; config\.json asks for \[8, 16\]/,
    );
    const mask = headerWith((tensors) => tensors.set('embeddings.mask_token', [1, 9]));
    expect(() => checkTensors([mask], CONFIG)).toThrow(/mask_token/);
  });

  it('refuses a dtype that is not read', () => {
    const wrong = headerWith();
    wrong.header.tensors.at(-1)!.dtype = 'I8';
    expect(() => checkTensors([wrong], CONFIG)).toThrow(/"layernorm\.bias" has dtype I8/);
  });

  it('takes the golden and the embedded checkpoint', () => {
    for (const folder of ['golden/dinov2/model', 'models/embedded/encoder']) {
      const path = join(import.meta.dirname, '../../../../shared', folder);
      if (!existsSync(path)) {
        console.warn(`SKIPPED: no ${folder} beside the repository; its tensors are not checked`);
        continue;
      }
      const config = readDinov2Config(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')));
      const header = readHeader(readFileSync(join(path, 'model.safetensors')), 'model.safetensors');
      checkTensors([{ fileName: 'model.safetensors', header }], config);
    }
  });
});
