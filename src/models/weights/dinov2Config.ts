/** What a `Dinov2Model` is made of: the fields of Hugging Face's config.json that its arithmetic depends on. */
export interface Dinov2Config {
  /** Width of a token, C. */
  hiddenSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  /** Side of a patch, in pixels. */
  patchSize: number;
  /** Side of the images that the stored position table is for, in pixels. */
  imageSize: number;
  /** Width of the MLP's hidden layer over that of a token. */
  mlpRatio: number;
  layerNormEps: number;
  /** Whether query, key and value have a bias. */
  qkvBias: boolean;
  numChannels: number;
}

/** A config.json of a model that is not supported; the message names the field and what is expected. */
export class Dinov2ConfigError extends Error {
  override readonly name = 'Dinov2ConfigError';
  constructor(
    readonly field: string,
    problem: string,
    remedy = 'Choose a DINOv2 checkpoint such as facebook/dinov2-small.',
  ) {
    super(`config.json: ${field} ${problem}. ${remedy}`);
  }
}

/**
 * Read and check a Hugging Face config.json of model type `dinov2`. Fields that are left out have the defaults of
 * transformers' `Dinov2Config`.
 * @param json the parsed file
 * @throws Dinov2ConfigError naming the field
 */
export function readDinov2Config(json: unknown): Dinov2Config {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Dinov2ConfigError('the file', 'is not a JSON object');
  }
  const fields = json as Record<string, unknown>;
  refuseOthers(fields);
  const number = (field: string, fallback: number): number => {
    const value = fields[field] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw new Dinov2ConfigError(field, `is ${JSON.stringify(value)}; a number above 0 was expected`);
  };
  const whole = (field: string, fallback: number): number => {
    const value = number(field, fallback);
    if (Number.isInteger(value)) return value;
    throw new Dinov2ConfigError(field, `is ${value}; a whole number was expected`);
  };
  const config: Dinov2Config = {
    hiddenSize: whole('hidden_size', 768),
    numHiddenLayers: whole('num_hidden_layers', 12),
    numAttentionHeads: whole('num_attention_heads', 12),
    patchSize: whole('patch_size', 14),
    imageSize: whole('image_size', 224),
    mlpRatio: number('mlp_ratio', 4),
    layerNormEps: number('layer_norm_eps', 1e-6),
    qkvBias: fields.qkv_bias !== false,
    numChannels: whole('num_channels', 3),
  };
  checkSizes(config);
  return config;
}

/** Models of the family's look that compute something else. */
function refuseOthers(fields: Record<string, unknown>): void {
  const type = fields.model_type;
  if (type === 'dinov2_with_registers' || Number(fields.num_register_tokens ?? 0) > 0) {
    throw new Dinov2ConfigError(
      type === 'dinov2' ? 'num_register_tokens' : 'model_type',
      'belongs to a model with register tokens, which is not supported',
      'Choose the checkpoint without registers, such as facebook/dinov2-small.',
    );
  }
  if (type !== 'dinov2') {
    throw new Dinov2ConfigError('model_type', `is ${JSON.stringify(type)}; "dinov2" was expected`);
  }
  if (fields.use_swiglu_ffn === true) {
    throw new Dinov2ConfigError(
      'use_swiglu_ffn',
      'is true; the SwiGLU layers of the giant model are not supported',
      'Choose facebook/dinov2-small, -base or -large.',
    );
  }
  if (fields.hidden_act !== undefined && fields.hidden_act !== 'gelu') {
    throw new Dinov2ConfigError('hidden_act', `is ${JSON.stringify(fields.hidden_act)}; "gelu" was expected`);
  }
}

function checkSizes(config: Dinov2Config): void {
  const { hiddenSize, numAttentionHeads, numChannels, imageSize, patchSize, mlpRatio } = config;
  if (hiddenSize % numAttentionHeads !== 0) {
    throw new Dinov2ConfigError(
      'hidden_size',
      `is ${hiddenSize}, not a multiple of ${numAttentionHeads} heads`,
    );
  }
  if (numChannels !== 3) throw new Dinov2ConfigError('num_channels', `is ${numChannels}; 3 was expected`);
  if (imageSize < patchSize) {
    throw new Dinov2ConfigError('image_size', `is ${imageSize}, smaller than a patch of ${patchSize}`);
  }
  if (!Number.isInteger(hiddenSize * mlpRatio)) {
    throw new Dinov2ConfigError('mlp_ratio', `is ${mlpRatio}, which gives no whole width`);
  }
}
