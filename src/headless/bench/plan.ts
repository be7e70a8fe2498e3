import { firstLayers, type HostEncoder } from './encoders.ts';
import { tokensOf } from './flops.ts';
import type { EncoderCase } from './report.ts';

/** A case with its encoder, and whether other engines run it too. */
export interface PlannedCase extends EncoderCase {
  host: HostEncoder;
  compare: boolean;
}

/** What software adapters are given, by the size of the encoder: images at full depth, and what other engines run too. */
const SOFTWARE = {
  small: { forward: 4, step: 6, compare: { layers: 2, forward: 1, step: 6 } },
  large: { forward: 1, step: 3, compare: { layers: 1, forward: 1, step: 3 } },
};

/** Width times tokens from which an encoder is a large one. */
const LARGE = 60_000;

/**
 * What is timed. GPUs: forward and step of 48 images by every engine. Software adapters: this engine alone at full depth
 * with few images, and every engine with the first one or two layers, because others are up to fifty times slower there.
 */
export function planCases(hosts: readonly HostEncoder[], software: boolean): PlannedCase[] {
  if (!software) {
    return hosts.flatMap((host) =>
      (['forward', 'step'] as const).map((kind) => planned(host, kind, 48, true)),
    );
  }
  return hosts.flatMap((host) => {
    const { forward, step, compare } =
      SOFTWARE[tokensOf(host) * host.config.hiddenSize < LARGE ? 'small' : 'large'];
    const cut = firstLayers(host, compare.layers);
    return [
      planned(host, 'forward', forward, false),
      planned(host, 'step', step, false),
      planned(cut, 'forward', compare.forward, true),
      planned(cut, 'step', compare.step, true),
    ];
  });
}

function planned(
  host: HostEncoder,
  kind: EncoderCase['kind'],
  images: number,
  compare: boolean,
): PlannedCase {
  const { name: encoder, config, preprocess } = host;
  return { kind, encoder, layers: config.numHiddenLayers, side: preprocess.cropWidth, images, host, compare };
}
