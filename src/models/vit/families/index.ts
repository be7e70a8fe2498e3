import { type VitConfig, VitConfigError } from '../config.ts';
import type { VitFamily } from '../family.ts';
import { ConfigFields } from '../fields.ts';
import { clip } from './clip.ts';
import { dinov2 } from './dinov2.ts';
import { dinov3 } from './dinov3.ts';
import { siglip } from './siglip.ts';
import { vit } from './vit.ts';

/** Every family that is known; a new one is a file and a line here. */
export const VIT_FAMILIES: readonly VitFamily[] = [dinov2, dinov3, clip, siglip, vit];

/**
 * The vision transformer that a Hugging Face config.json describes.
 * @param json the parsed file
 * @throws VitConfigError naming the field, or the model types that are supported
 */
export function readVitConfig(json: unknown): VitConfig {
  const fields = new ConfigFields(json);
  const type = fields.raw('model_type');
  const family = VIT_FAMILIES.find(({ modelTypes }) => modelTypes.some((known) => known === type));
  if (!family) {
    const known = VIT_FAMILIES.flatMap(({ modelTypes }) => modelTypes).join(', ');
    throw new VitConfigError('model_type', `is ${JSON.stringify(type)}; one of ${known} was expected`);
  }
  const config = family.read(fields);
  checkSizes(config);
  return config;
}

/** The family that a config was read by. */
export function familyOf({ family }: Pick<VitConfig, 'family'>): VitFamily {
  const name = family === 'mae' ? 'vit' : family;
  return VIT_FAMILIES.find((candidate) => candidate.name === name)!;
}

function checkSizes({ width, heads, channels, imageSize, patch, mlp, position }: VitConfig): void {
  if (width % heads !== 0)
    throw new VitConfigError('hidden_size', `is ${width}, not a multiple of ${heads} heads`);
  if (channels !== 3) throw new VitConfigError('num_channels', `is ${channels}; 3 was expected`);
  if (imageSize < patch)
    throw new VitConfigError('image_size', `is ${imageSize}, smaller than a patch of ${patch}`);
  if (!Number.isInteger(mlp.hidden))
    throw new VitConfigError('mlp_ratio', `gives an MLP of width ${mlp.hidden}, which is not whole`);
  if (position.kind === 'rope2d' && (width / heads) % 4 !== 0)
    throw new VitConfigError(
      'num_attention_heads',
      `gives heads of ${width / heads}, not a multiple of four`,
    );
}
