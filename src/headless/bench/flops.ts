import type { HostEncoder } from './encoders.ts';
import type { EncoderCase } from './report.ts';

/** Tokens of an image: patches and the class token. */
export function tokensOf({ config, preprocess }: HostEncoder): number {
  return 1 + (preprocess.cropWidth / config.patchSize) ** 2;
}

/**
 * Floating-point operations of the matrix products of a case, as a measure of size only. With width C, T tokens and MLP
 * ratio m a layer takes 2T·C²·(4 + 2m) + 4T²·C, the patches 2T·C·3p². A step counts three forwards less the weight
 * gradients that frozen layers do without: two and a half.
 */
export function caseFlops(host: HostEncoder, { kind, images }: Pick<EncoderCase, 'kind' | 'images'>): number {
  const { hiddenSize: width, mlpRatio, numHiddenLayers, patchSize } = host.config;
  const tokens = tokensOf(host);
  const layer = 2 * tokens * width ** 2 * (4 + 2 * mlpRatio) + 4 * tokens ** 2 * width;
  const patches = 2 * tokens * width * 3 * patchSize ** 2;
  const forward = images * (numHiddenLayers * layer + patches);
  return kind === 'forward' ? forward : 2.5 * forward;
}
