import { layerFlops, patchFlops, tokensOf as vitTokens } from '../../models/vit/cost.ts';
import type { HostEncoder } from './encoders.ts';
import type { EncoderCase } from './report.ts';

/** Tokens of an image: patches and what comes before them. */
export function tokensOf({ config, preprocess }: HostEncoder): number {
  return vitTokens(config, preprocess.cropWidth);
}

/**
 * Floating-point operations of the matrix products of a case, as a measure of size only. A step counts three forwards less the
 * weight gradients that frozen layers do without: two and a half.
 */
export function caseFlops(host: HostEncoder, { kind, images }: Pick<EncoderCase, 'kind' | 'images'>): number {
  const { config } = host;
  const tokens = tokensOf(host);
  const forward = images * (config.layers * layerFlops(config, tokens) + patchFlops(config, tokens));
  return kind === 'forward' ? forward : 2.5 * forward;
}
