import type { UNet2DConfig } from './config.ts';

/**
 * Sinusoidal embedding of timesteps (Vaswani et al., arXiv 1706.03762, as diffusers' `Timesteps` has it): for half = width/2 and
 * f_i = exp(−ln(10000) i / (half − freqShift)), sines of t·f then cosines, or the other way round when flipped.
 * @returns [timesteps.length, width]
 */
export function timestepEmbedding(
  timesteps: readonly number[],
  width: number,
  { flipSinToCos, freqShift }: Pick<UNet2DConfig, 'flipSinToCos' | 'freqShift'>,
): Float32Array {
  const half = Math.floor(width / 2);
  const embedding = new Float32Array(timesteps.length * width);
  timesteps.forEach((t, row) => {
    for (let i = 0; i < half; i++) {
      const angle = t * Math.exp((-Math.log(10_000) * i) / (half - freqShift));
      const [first, second] = flipSinToCos
        ? [Math.cos(angle), Math.sin(angle)]
        : [Math.sin(angle), Math.cos(angle)];
      embedding[row * width + i] = first;
      embedding[row * width + half + i] = second;
    }
  });
  return embedding;
}
