import { firstLayers, type HostEncoder } from './encoders.ts';
import { tokensOf } from './flops.ts';
import type { EncoderCase } from './report.ts';

/** A case with its encoder, and whether other engines run it too. */
export interface PlannedCase extends EncoderCase {
  host: HostEncoder;
  compare: boolean;
}

/** Layers and images of the cases that other engines run on software adapters, where they are some fifty times slower. */
const SOFTWARE = { layers: 2, forward: 1, step: 6 };

/**
 * What is timed. GPUs: forward and step of 48 images by every engine. Software adapters: this engine alone at full depth
 * with few images, and every engine with the first two layers.
 */
export function planCases(hosts: readonly HostEncoder[], software: boolean): PlannedCase[] {
  if (!software) {
    return hosts.flatMap((host) =>
      (['forward', 'step'] as const).map((kind) => planned(host, kind, 48, true)),
    );
  }
  return hosts.flatMap((host) => {
    const cut = firstLayers(host, SOFTWARE.layers);
    const large = tokensOf(host) * host.config.hiddenSize > 60_000;
    return [
      planned(host, 'forward', large ? 1 : 4, false),
      planned(host, 'step', large ? 3 : 6, false),
      planned(cut, 'forward', SOFTWARE.forward, true),
      planned(cut, 'step', SOFTWARE.step, true),
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
