/** Value of a table at a place between two entries. */
export function interpolate(table: Float64Array, place: number): number {
  const low = Math.min(Math.floor(place), table.length - 1);
  const high = Math.min(low + 1, table.length - 1);
  return table[low]! + (table[high]! - table[low]!) * (place - low);
}

/**
 * Noise levels of Karras et al. (arXiv 2206.00364, equation 5) with ρ = 7, falling from `max` to `min`.
 */
export function karrasSigmas(max: number, min: number, steps: number): number[] {
  const rho = 7;
  const [from, to] = [max ** (1 / rho), min ** (1 / rho)];
  return Array.from({ length: steps }, (_, i) => {
    const ramp = steps === 1 ? 0 : i / (steps - 1);
    return (from + ramp * (to - from)) ** rho;
  });
}

/** The timestep, not rounded, at which training had a noise level; linear in its logarithm. */
export function timestepOf(sigma: number, sigmas: Float64Array): number {
  const logSigma = Math.log(sigma);
  let low = 0;
  while (low < sigmas.length - 2 && Math.log(sigmas[low + 1]!) <= logSigma) low++;
  const [lower, upper] = [Math.log(sigmas[low]!), Math.log(sigmas[low + 1]!)];
  const share = Math.min(1, Math.max(0, (lower - logSigma) / (lower - upper)));
  return low + share;
}
