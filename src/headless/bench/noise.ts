import type { Philox } from '../../random/philox.ts';

/** Numbers that are drawn before they repeat; odd, so that rows of a matrix do not fall on each other. */
const PERIOD = 65_521;

/**
 * `size` numbers between `low` and `high`, repeating after 65,521: weights of a large model whose values do not matter
 * for time. Drawing each of the 860 million of Stable Diffusion's UNet would take longer than the bench.
 */
export function noise(random: Philox, size: number, low: number, high: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(size);
  const drawn = Math.min(PERIOD, size);
  for (let i = 0; i < drawn; i++) values[i] = random.uniform(low, high);
  for (let i = drawn; i < size; i *= 2) values.copyWithin(i, 0, Math.min(i, size - i));
  return values;
}
