/** A block of the UNet. */
export interface UNet2DBlock {
  /** Channels it hands on. */
  channels: number;
  /** Residual blocks going down; one more going up. */
  layers: number;
  /** Attention heads, or 0 for a block without attention. */
  heads: number;
  /** Transformer blocks in each of its transformers. */
  transformerLayers: number;
}

/** What a `UNet2DConditionModel` is made of: the fields of diffusers' config.json that its arithmetic depends on. */
export interface UNet2DConfig {
  inChannels: number;
  outChannels: number;
  /** Side of the latents it was trained on. */
  sampleSize: number;
  /** From the finest to the coarsest. */
  down: UNet2DBlock[];
  /** Attention heads of the middle block. */
  mid: Omit<UNet2DBlock, 'layers'>;
  /** From the coarsest to the finest. */
  up: UNet2DBlock[];
  /** Width of the text states. */
  crossAttentionDim: number;
  /** Whether the transformers' projections are linear layers (SD 2) or 1×1 convolutions (SD 1). The same arithmetic. */
  useLinearProjection: boolean;
  normGroups: number;
  normEps: number;
  flipSinToCos: boolean;
  freqShift: number;
}

/** A config.json of a UNet that is not supported; the message names the field and what is expected. */
export class UNet2DConfigError extends Error {
  override readonly name = 'UNet2DConfigError';
  constructor(
    readonly field: string,
    problem: string,
    remedy = 'Choose a generator like Stable Diffusion 1.5 or 2.1.',
  ) {
    super(`unet/config.json: ${field} ${problem}. ${remedy}`);
  }
}

/** Values of fields that would change the arithmetic: the ones supported, the first being diffusers' default. */
const ONLY: Record<string, readonly unknown[]> = {
  _class_name: ['UNet2DConditionModel'],
  act_fn: ['silu', 'swish'],
  addition_embed_type: [null],
  attention_type: ['default'],
  center_input_sample: [false],
  class_embed_type: [null],
  conv_in_kernel: [3],
  conv_out_kernel: [3],
  cross_attention_norm: [null],
  downsample_padding: [1],
  dual_cross_attention: [false],
  encoder_hid_dim: [null],
  encoder_hid_dim_type: [null],
  mid_block_scale_factor: [1],
  mid_block_type: ['UNetMidBlock2DCrossAttn'],
  num_class_embeds: [null],
  resnet_out_scale_factor: [1],
  resnet_skip_time_act: [false],
  resnet_time_scale_shift: ['default'],
  time_cond_proj_dim: [null],
  time_embedding_act_fn: [null],
  time_embedding_dim: [null],
  time_embedding_type: ['positional'],
  timestep_post_act: [null],
};

/**
 * Read and check diffusers' config.json of a `UNet2DConditionModel`; fields left out have diffusers' defaults.
 * @param json the parsed file
 * @throws UNet2DConfigError naming the field
 */
export function readUNet2DConfig(json: unknown): UNet2DConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UNet2DConfigError('the file', 'is not a JSON object');
  }
  const fields = json as Record<string, unknown>;
  for (const [field, allowed] of Object.entries(ONLY)) {
    const value = fields[field] ?? allowed[0];
    if (!allowed.includes(value)) {
      throw new UNet2DConfigError(
        field,
        `is ${JSON.stringify(value)}; ${JSON.stringify(allowed[0])} was expected`,
      );
    }
  }
  const whole = (field: string, fallback: number): number => asWhole(field, fields[field] ?? fallback);
  const downTypes = names(fields, 'down_block_types', [
    ...Array<string>(3).fill('CrossAttnDownBlock2D'),
    'DownBlock2D',
  ]);
  const upTypes = names(fields, 'up_block_types', [
    'UpBlock2D',
    ...Array<string>(3).fill('CrossAttnUpBlock2D'),
  ]);
  const channels = perBlock(fields, 'block_out_channels', [320, 640, 1280, 1280]);
  const count = channels.length;
  if (downTypes.length !== count || upTypes.length !== count) {
    throw new UNet2DConfigError(
      'block_out_channels',
      `has ${count} entries for ${downTypes.length} down and ${upTypes.length} up blocks`,
    );
  }
  const spread = (field: string, fallback: number): number[] => {
    const values = perBlock(fields, field, fallback);
    if (values.length === 1) return channels.map(() => values[0]!);
    if (values.length !== count)
      throw new UNet2DConfigError(field, `has ${values.length} entries for ${count} blocks`);
    return values;
  };
  const layers = spread('layers_per_block', 2);
  // The field is misnamed in diffusers: without num_attention_heads, attention_head_dim is the number of heads.
  const heads = spread(fields.num_attention_heads == null ? 'attention_head_dim' : 'num_attention_heads', 8);
  const transformerLayers = spread('transformer_layers_per_block', 1);
  const normGroups = whole('norm_num_groups', 32);
  channels.forEach((width, i) => {
    if (width % normGroups || width % 4) {
      throw new UNet2DConfigError(
        'block_out_channels',
        `has ${width}; multiples of ${normGroups} (norm_num_groups) and of 4 were expected`,
      );
    }
    const head = width / heads[i]!;
    if (!Number.isInteger(head) || head % 4 || head < 8 || head > 160) {
      throw new UNet2DConfigError(
        'attention_head_dim',
        `gives ${heads[i]} heads of ${head} columns; 8 to 160, a multiple of 4, were expected`,
      );
    }
  });
  const block = (i: number, withAttention: boolean): UNet2DBlock => ({
    channels: channels[i]!,
    layers: layers[i]!,
    heads: withAttention ? heads[i]! : 0,
    transformerLayers: transformerLayers[i]!,
  });
  const attends = (type: string, attending: string, plain: string, field: string): boolean => {
    if (type !== attending && type !== plain) {
      throw new UNet2DConfigError(field, `has "${type}"; "${attending}" or "${plain}" was expected`);
    }
    return type === attending;
  };
  const crossAttentionDim = asWhole('cross_attention_dim', fields.cross_attention_dim ?? 1280);
  if (crossAttentionDim % 4) {
    throw new UNet2DConfigError(
      'cross_attention_dim',
      `is ${crossAttentionDim}; a multiple of 4 was expected`,
    );
  }
  return {
    inChannels: fourfold('in_channels', whole('in_channels', 4)),
    outChannels: fourfold('out_channels', whole('out_channels', 4)),
    sampleSize: whole('sample_size', 64),
    down: downTypes.map((type, i) =>
      block(i, attends(type, 'CrossAttnDownBlock2D', 'DownBlock2D', 'down_block_types')),
    ),
    mid: {
      channels: channels[count - 1]!,
      heads: heads[count - 1]!,
      transformerLayers: transformerLayers[count - 1]!,
    },
    up: upTypes.map((type, i) =>
      block(count - 1 - i, attends(type, 'CrossAttnUpBlock2D', 'UpBlock2D', 'up_block_types')),
    ),
    crossAttentionDim,
    useLinearProjection: fields.use_linear_projection === true,
    normGroups,
    normEps: asNumber('norm_eps', fields.norm_eps ?? 1e-5),
    flipSinToCos: fields.flip_sin_to_cos !== false,
    freqShift: asNumber('freq_shift', fields.freq_shift ?? 0),
  };
}

/** Latent side lengths must be multiples of this, so that every down-sampling halves exactly. */
export function latentMultiple({ down }: UNet2DConfig): number {
  return 2 ** (down.length - 1);
}

function fourfold(field: string, value: number): number {
  if (value % 4 === 0) return value;
  throw new UNet2DConfigError(
    field,
    `is ${value}; a multiple of 4 was expected`,
    'Inpainting models and the like are not supported.',
  );
}

function asWhole(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new UNet2DConfigError(field, `is ${JSON.stringify(value)}; a whole number above 0 was expected`);
}

function asNumber(field: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new UNet2DConfigError(field, `is ${JSON.stringify(value)}; a number was expected`);
}

function perBlock(fields: Record<string, unknown>, field: string, fallback: number | number[]): number[] {
  const value = fields[field] ?? fallback;
  return (Array.isArray(value) ? value : [value]).map((item) => asWhole(field, item));
}

function names(fields: Record<string, unknown>, field: string, fallback: string[]): string[] {
  const value = fields[field] ?? fallback;
  if (Array.isArray(value) && value.length && value.every((item) => typeof item === 'string')) return value;
  throw new UNet2DConfigError(field, `is ${JSON.stringify(value)}; a list of block types was expected`);
}
