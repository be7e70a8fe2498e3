/** What a CLIP text encoder's config.json says that its computation depends on. */
export interface ClipTextConfig {
  hidden: number;
  layers: number;
  heads: number;
  /** Width of the feed-forward's inside. */
  intermediate: number;
  activation: 'quick_gelu' | 'gelu';
  /** Longest prompt in tokens. */
  positions: number;
  /** Tokens of the table. */
  vocabulary: number;
  layerNormEps: number;
}

/** A config.json of a text encoder that this code does not compute; names the field. */
export class ClipTextConfigError extends Error {
  override readonly name = 'ClipTextConfigError';
}

/**
 * Read text_encoder/config.json of `CLIPTextModel`.
 * @throws ClipTextConfigError
 */
export function readClipTextConfig(json: unknown): ClipTextConfig {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  const whole = (name: string): number => {
    const value = fields[name];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
      throw new ClipTextConfigError(
        `text_encoder/config.json: ${name} must be a whole number; it is ${value}`,
      );
    }
    return value;
  };
  const activation = fields.hidden_act ?? 'quick_gelu';
  if (activation !== 'quick_gelu' && activation !== 'gelu') {
    throw new ClipTextConfigError(
      `text_encoder/config.json: hidden_act must be quick_gelu or gelu, not ${activation}`,
    );
  }
  return {
    hidden: whole('hidden_size'),
    layers: whole('num_hidden_layers'),
    heads: whole('num_attention_heads'),
    intermediate: whole('intermediate_size'),
    activation,
    positions: whole('max_position_embeddings'),
    vocabulary: whole('vocab_size'),
    layerNormEps: typeof fields.layer_norm_eps === 'number' ? fields.layer_norm_eps : 1e-5,
  };
}
