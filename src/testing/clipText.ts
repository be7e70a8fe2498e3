import type { ClipTextConfig } from '../models/clipText/config.ts';
import { ClipText } from '../models/clipText/model.ts';
import { ClipTextWeightLoader } from '../models/clipText/weights.ts';
import type { Context } from '../tensor/context.ts';
import { testNumbers } from './gradients.ts';

/** A text encoder so small that tests of it take no time. */
export const TINY_CLIP_TEXT: ClipTextConfig = {
  ...{ hidden: 16, layers: 2, heads: 2, intermediate: 32, activation: 'quick_gelu', positions: 6 },
  ...{ vocabulary: 9, layerNormEps: 1e-5 },
};

/** A random encoder of that shape; `skip` leaves a tensor out. */
export function randomClipText(context: Context, of: ClipTextConfig, skip = '') {
  const loader = new ClipTextWeightLoader(context, of);
  let seed = 1;
  const add = (name: string, shape: number[], offset = 0): void => {
    if (name === skip) return;
    const values = testNumbers(
      shape.reduce((a, b) => a * b),
      seed++,
      0.5,
    ).map((value) => value + offset);
    loader.add(`text_model.${name}`, shape, values);
  };
  const { hidden, intermediate } = of;
  const layer = (name: string, out: number, from: number): void => {
    add(`${name}.weight`, [out, from]);
    add(`${name}.bias`, [out]);
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, [hidden], 1);
    add(`${name}.bias`, [hidden]);
  };
  add('embeddings.token_embedding.weight', [of.vocabulary, hidden]);
  add('embeddings.position_embedding.weight', [of.positions, hidden]);
  for (let i = 0; i < of.layers; i++) {
    const path = `encoder.layers.${i}`;
    norm(`${path}.layer_norm1`);
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      layer(`${path}.self_attn.${part}`, hidden, hidden);
    norm(`${path}.layer_norm2`);
    layer(`${path}.mlp.fc1`, intermediate, hidden);
    layer(`${path}.mlp.fc2`, hidden, intermediate);
  }
  norm('final_layer_norm');
  return { loader, make: () => new ClipText(context, of, loader.finish()) };
}
