import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../weights/safetensors/parse.ts';
import { LORA_TARGETS, moduleFeatures, modulePath, parseModulePath, targetModuleNames } from './modules.ts';
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
      expect(parseModulePath(modulePath(23, target))).toEqual({ layer: 23, target });
    expect(parseModulePath('dinov2.encoder.layer.3.attention.v_proj')).toEqual({ layer: 3, target: 'value' });
    expect(parseModulePath('blocks.4.attn.qkv')).toEqual({ layer: 4, target: 'qkv' });
    expect(parseModulePath('blocks.4.attn.proj')).toEqual({ layer: 4, target: 'output' });
    for (const other of ['encoder.layer.1.norm1', 'blocks.1.attn.query', 'blocks.1.toString', 'layernorm']) {
      expect(parseModulePath(other), other).toBeUndefined();
    }
  });

  it('have endings that are listed in a fixed order', () => {
    expect(targetModuleNames(['fc2', 'query'])).toEqual([
      'attention.attention.query',
      'attention.q_proj',
      'mlp.fc2',
    ]);
  });
});
