import type { Pixels } from '../../images/types.ts';

/** Bins a side of the colour histogram: brightness, red against green, blue against yellow. */
const BINS = 8;
/** Pseudo-share spread over all bins, so that unseen colours say little. */
const SPREAD = 0.1;
/** Largest say of a colour, in nats. */
const LIMIT = 4;

/** The histogram bin of every pixel, [height, width]. */
export function colorBins({ width, height, data }: Pixels): Uint16Array {
  const bin = (share: number) => Math.min(BINS - 1, Math.max(0, Math.floor(share * BINS)));
  return Uint16Array.from({ length: width * height }, (_, i) => {
    const [red, green, blue] = [data[4 * i]! / 255, data[4 * i + 1]! / 255, data[4 * i + 2]! / 255];
    const brightness = (red + green + blue) / 3;
    const redGreen = red - green + 0.5;
    const blueYellow = blue - (red + green) / 2 + 0.5;
    return (bin(brightness) * BINS + bin(redGreen)) * BINS + bin(blueYellow);
  });
}

/**
 * Log odds that a pixel of each colour is object rather than background, from the colours of what is object so far.
 * @param bins from `colorBins`
 * @param object probability of being object, [height, width]
 * @returns [height, width] in nats
 */
export function colorLogOdds(bins: Uint16Array, object: Float32Array): Float32Array {
  const inside = new Float64Array(BINS ** 3);
  const outside = new Float64Array(BINS ** 3);
  let total = 0;
  for (let i = 0; i < bins.length; i++) {
    const probability = Math.min(1, Math.max(0, object[i]!));
    inside[bins[i]!]! += probability;
    outside[bins[i]!]! += 1 - probability;
    total += probability;
  }
  const floor = SPREAD / BINS ** 3;
  const odds = inside.map((count, bin) => {
    const objectShare = count / Math.max(total, 1e-6) + floor;
    const backgroundShare = outside[bin]! / Math.max(bins.length - total, 1e-6) + floor;
    return Math.min(LIMIT, Math.max(-LIMIT, Math.log(objectShare / backgroundShare)));
  });
  const result = new Float32Array(bins.length);
  for (let i = 0; i < bins.length; i++) result[i] = odds[bins[i]!]!;
  return result;
}
