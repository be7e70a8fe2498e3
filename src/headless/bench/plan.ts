import { firstLayers, type HostEncoder } from './encoders.ts';
import { tokensOf } from './flops.ts';
import type { EncoderCase, Engine } from './report.ts';

/** A case with its encoder, and the other engines that run it too. */
export interface PlannedCase extends EncoderCase {
  host: HostEncoder;
  rivals: readonly Engine[];
}

/** What processors are given, by the size of the encoder: images at full depth, and what other engines run too. */
const ON_CPU = {
  small: { forward: 4, step: 6, compare: { layers: 2, forward: 1, step: 6 } },
  large: { forward: 1, step: 3, compare: { layers: 1, forward: 1, step: 3 } },
};

/** Width times tokens from which an encoder is a large one. */
const LARGE = 60_000;

/**
 * What is timed. GPUs: forward and step of 48 images by every engine. Processors: this engine alone at full depth
 * with few images, and every engine with the first one or two layers, because others are about fifteen times slower there.
 * @param givenFile whether there is an ONNX file of the embedded encoder; it is run at full depth
 */
export function planCases(hosts: readonly HostEncoder[], onCpu: boolean, givenFile: boolean): PlannedCase[] {
  return hosts.flatMap((host) => {
    const given: Engine[] = givenFile && host.name === 'embedded' ? ['onnxruntime-web, given file'] : [];
    if (!onCpu) {
      return [
        encoderCase(host, 'forward', 48, [
          'onnxruntime-web',
          'onnxruntime-web, MultiHeadAttention',
          ...given,
        ]),
        encoderCase(host, 'step', 48, ['jax-js']),
      ];
    }
    const { forward, step, compare } = ON_CPU[tokensOf(host) * host.config.width < LARGE ? 'small' : 'large'];
    const cut = firstLayers(host, compare.layers);
    return [
      encoderCase(host, 'forward', forward, []),
      encoderCase(host, 'step', step, []),
      ...(given.length ? [encoderCase(host, 'forward', 1, given)] : []),
      // MultiHeadAttention is right on onnxruntime's CPU (dinov2.test.ts), but off by 3e-2 in WebGPU on SwiftShader.
      encoderCase(cut, 'forward', compare.forward, ['onnxruntime-web']),
      encoderCase(cut, 'step', compare.step, ['jax-js']),
    ];
  });
}

/** A case of an encoder as a whole; `rivals` run it too. */
export function encoderCase(
  host: HostEncoder,
  kind: EncoderCase['kind'],
  images: number,
  rivals: readonly Engine[],
): PlannedCase {
  const { name: encoder, config, preprocess } = host;
  return { kind, encoder, layers: config.layers, side: preprocess.cropWidth, images, host, rivals };
}
