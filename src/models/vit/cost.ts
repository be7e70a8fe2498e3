import type { VitConfig } from './config.ts';

/** Tokens before the patches: the class token and registers. */
export function prefixTokens({ prefix }: Pick<VitConfig, 'prefix'>): number {
  return Number(prefix.classToken) + prefix.registers;
}

/** Tokens of an image of `height` by `width` pixels, by default square. */
export function tokensOf(
  config: Pick<VitConfig, 'prefix' | 'patch'>,
  height: number,
  width: number = height,
): number {
  return prefixTokens(config) + (height / config.patch) * (width / config.patch);
}

/**
 * Floating-point operations of the matrix products of one layer on `tokens` tokens; a multiply-add is two. With width C and T
 * tokens query, key, value and output take 8T·C², the MLP 2T·C·H for each of its two matrices (three where it is gated), scores
 * and their sum of values 4T²·C.
 */
export function layerFlops({ width, mlp }: Pick<VitConfig, 'width' | 'mlp'>, tokens: number): number {
  const matrices = mlp.kind === 'gated' ? 3 : 2;
  return 2 * tokens * width * (4 * width + matrices * mlp.hidden) + 4 * tokens ** 2 * width;
}

/** Floating-point operations of the patch embedding of an image of `tokens` tokens. */
export function patchFlops(
  { width, patch, channels }: Pick<VitConfig, 'width' | 'patch' | 'channels'>,
  tokens: number,
): number {
  return 2 * tokens * width * channels * patch ** 2;
}

/** Numbers in the widest tensor of a layer, of one token. */
export function widestOf({ mlp, width }: Pick<VitConfig, 'mlp' | 'width'>): number {
  return Math.max(mlp.kind === 'gated' ? 2 * mlp.hidden : mlp.hidden, 3 * width);
}
