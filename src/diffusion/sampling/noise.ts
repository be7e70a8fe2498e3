import { Philox } from '../../random/philox.ts';

/**
 * Unit normal noise of one image's latents [H, W, C], a function of its seed alone: the same image comes out in whatever
 * batch it is made.
 */
export function latentNoise(seed: number, size: number): Float32Array {
  const random = new Philox(seed).split('latents');
  return Float32Array.from({ length: size }, () => random.normal());
}
