import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../weights/safetensors/parse.ts';
import {
  isInEncoder,
  LORA_TARGETS,
  moduleFeatures,
  modulePath,
  parseModulePath,
  targetModuleNames,
  unwrappedPath,
} from './modules.ts';
import { goldenConfig } from './testing/fixtures.ts';

const MODEL = join(import.meta.dirname, '../../testing/golden/dinov2/model/model.safetensors');

describe('modules', () => {
  it('are the linear layers of a real checkpoint, with their sizes', () => {
    const shapes = new Map(
      readHeader(readFileSync(MODEL), 'model.safetensors').tensors.map(({ name, shape }) => [name, shape]),
    );
    for (const layer of [0, 1]) {
      for (const target of LORA_TARGETS) {
        const { inFeatures, outFeatures } = moduleFeatures(goldenConfig(), target);
        expect(shapes.get(`${modulePath(layer, target)}.weight`), target).toEqual([outFeatures, inFeatures]);
      }
    }
  });

  it('are known again by their paths', () => {
    for (const target of LORA_TARGETS)
      expect(parseModulePath(modulePath(23, target))).toEqual({ layer: 23, target, encoder: '' });
    for (const [path, layer, target, encoder] of [
      ['vision.encoder.layer.3.attention.v_proj', 3, 'value', 'vision.'],
      ['encoder.encoder.layer.3.mlp.fc1', 3, 'fc1', 'encoder.'],
      ['layer.3.attention.attention.key', 3, 'key', ''],
      ['blocks.4.attn.qkv', 4, 'qkv', ''],
      ['a.b.blocks.4.attn.proj', 4, 'output', 'a.b.'],
      ['blocks.1.14.attn.proj', 14, 'output', ''],
    ])
      expect(parseModulePath(path as string)).toEqual({ layer, target, encoder });
    for (const other of [
      ...['encoder.layer.1.norm1', 'blocks.1.attn.query', 'blocks.1.toString', 'layernorm'],
      ...['layer.3.attention.q_proj', 'encoder.layers.1.mlp.fc1'],
    ]) {
      expect(parseModulePath(other), other).toBeUndefined();
    }
  });

  it('are found through wrappers', () => {
    for (const path of [
      ...['dinov2.encoder.layer.3.mlp.fc1', 'model.encoder.layer.3.mlp.fc1'],
      ...['_orig_mod.module.encoder.layer.3._checkpoint_wrapped_module.mlp.fc1.base_layer'],
    ])
      expect(unwrappedPath(path)).toBe('encoder.layer.3.mlp.fc1');
  });

  it('tell an encoder from what is around it', () => {
    for (const [path, encoder] of [
      ['encoder.layer.1.norm1', ''],
      ['vision.embeddings.patch_embeddings.projection', 'vision.'],
      ['norm', ''],
    ] as const)
      expect(isInEncoder(path, encoder)).toBe(true);
    for (const [path, encoder] of [
      ['classifier', ''],
      ['encoder.layer.1.norm1', 'vision.'],
      ['vision.head.0', 'vision.'],
    ] as const)
      expect(isInEncoder(path, encoder)).toBe(false);
  });

  it('have endings that are listed in a fixed order', () => {
    expect(targetModuleNames(['fc2', 'query'])).toEqual([
      'attention.attention.query',
      'attention.q_proj',
      'mlp.fc2',
    ]);
  });
});
