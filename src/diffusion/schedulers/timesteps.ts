import type { TimestepSpacing } from './noiseSchedule.ts';

/**
 * Timesteps of a run of `steps`, falling, as diffusers spreads them (Lin et al., arXiv 2305.08891, table 2):
 * `leading` multiples of T/steps plus the offset, `trailing` T − 1 downward, `linspace` evenly from T − 1 to 0.
 * @throws RangeError when there are more steps than timesteps of training
 */
export function spacedTimesteps(
  trainTimesteps: number,
  steps: number,
  spacing: TimestepSpacing,
  offset: number,
): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > trainTimesteps) {
    throw new RangeError(`steps must be a whole number from 1 to ${trainTimesteps}; it is ${steps}`);
  }
  const falling = Array.from({ length: steps }, (_, i) => steps - 1 - i);
  if (spacing === 'leading') {
    const ratio = Math.floor(trainTimesteps / steps);
    return falling.map((i) => Math.min(i * ratio + offset, trainTimesteps - 1));
  }
  if (spacing === 'trailing') {
    const ratio = trainTimesteps / steps;
    return falling.map((i) => roundHalfEven((i + 1) * ratio) - 1);
  }
  return falling.map((i) => (steps === 1 ? trainTimesteps - 1 : (i * (trainTimesteps - 1)) / (steps - 1)));
}

/** NumPy's and PyTorch's rounding: halves go to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
