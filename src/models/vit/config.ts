/** Activation between the two layers of an MLP. */
export type Activation = 'gelu' | 'quickGelu' | 'tanhGelu' | 'silu';

/**
 * A vision transformer as plain data: every family's config.json is read into this, and the model, its costs and its parameters
 * follow from it alone.
 */
export interface VitConfig {
  /** Name of its family, such as `dinov2`. */
  family: string;
  /** Width of a token, C. */
  width: number;
  layers: number;
  heads: number;
  /** Side of a patch, in pixels. */
  patch: number;
  channels: number;
  /** Side of the images that it was trained on, in pixels; of these the position table is. */
  imageSize: number;
  /** Epsilon of every LayerNorm. */
  eps: number;
  /** Tokens before the patches. */
  prefix: { classToken: boolean; registers: number };
  position: PositionKind;
  /** Whether the patch embedding has a bias. */
  patchBias: boolean;
  /** A LayerNorm before the first layer (CLIP). */
  preNorm: boolean;
  /** Which of query, key and value have a bias. */
  qkvBias: readonly [query: boolean, key: boolean, value: boolean];
  outputBias: boolean;
  /** Whether what a layer adds is scaled by learned factors per channel. */
  layerScale: boolean;
  mlp: {
    /** A gated MLP is W₂(act(W_gate x) · W_up x), a plain one W₂ act(W₁ x). */
    kind: 'plain' | 'gated';
    activation: Activation;
    /** Width of its hidden layer. */
    hidden: number;
    bias: boolean;
  };
  /** What says of a whole image what it shows. */
  pooled: 'class' | 'mean' | 'attentionHead';
  /** Width of a projection of the pooled token (CLIP), or none. */
  projection: number | null;
}

/** How tokens know where they are. */
export type PositionKind =
  /** A learned table [grid², C], with rows for the prefix's class token first; interpolated for other grids. */
  | { kind: 'table'; grid: number; withClass: boolean; antialias: boolean }
  /** Rotations of query and key by the place of the patch (arXiv 2104.09864, in two dimensions). */
  | { kind: 'rope2d'; theta: number };

/** A config.json that is of no supported vision transformer; the message names the field and what is expected. */
export class VitConfigError extends Error {
  override readonly name = 'VitConfigError';
  constructor(
    readonly field: string,
    problem: string,
    remedy = 'Choose another checkpoint.',
  ) {
    super(`config.json: ${field} ${problem}. ${remedy}`);
  }
}
