/** What the model was trained to predict: the noise, or the velocity of Salimans and Ho (arXiv 2202.00512). */
export type PredictionType = 'epsilon' | 'v_prediction';

/** How the timesteps of a short run are spread over those of training. */
export type TimestepSpacing = 'leading' | 'trailing' | 'linspace';

/** Fields of diffusers' scheduler_config.json that the arithmetic depends on. */
export interface SchedulerConfig {
  trainTimesteps: number;
  betaStart: number;
  betaEnd: number;
  betaSchedule: 'linear' | 'scaled_linear';
  predictionType: PredictionType;
  /** Undefined: each scheduler's own default in diffusers. */
  timestepSpacing: TimestepSpacing | undefined;
  stepsOffset: number;
  setAlphaToOne: boolean;
}

/** A scheduler_config.json that is not supported; the message names the field and what is expected. */
export class SchedulerConfigError extends Error {
  override readonly name = 'SchedulerConfigError';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(
      `scheduler/scheduler_config.json: ${field} ${problem}. Choose a generator like Stable Diffusion 1.5 or 2.1.`,
    );
  }
}

/**
 * Read and check a scheduler_config.json; fields left out have diffusers' defaults.
 * @param json the parsed file
 * @throws SchedulerConfigError naming the field
 */
export function readSchedulerConfig(json: unknown): SchedulerConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new SchedulerConfigError('the file', 'is not a JSON object');
  }
  const fields = json as Record<string, unknown>;
  const number = (field: string, fallback: number): number => {
    const value = fields[field] ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new SchedulerConfigError(field, `is ${JSON.stringify(value)}; a number was expected`);
  };
  const oneOf = <T extends string | undefined>(field: string, allowed: readonly T[]): T => {
    const value = (fields[field] ?? allowed[0]) as T;
    if (allowed.includes(value)) return value;
    const list = allowed.filter(Boolean).join('", "');
    throw new SchedulerConfigError(field, `is ${JSON.stringify(value)}; one of "${list}" was expected`);
  };
  for (const field of ['trained_betas', 'rescale_betas_zero_snr', 'thresholding', 'clip_sample']) {
    if (fields[field]) throw new SchedulerConfigError(field, 'is set, which is not supported');
  }
  const trainTimesteps = number('num_train_timesteps', 1000);
  if (!Number.isInteger(trainTimesteps) || trainTimesteps < 2) {
    throw new SchedulerConfigError(
      'num_train_timesteps',
      `is ${trainTimesteps}; a whole number was expected`,
    );
  }
  return {
    trainTimesteps,
    betaStart: number('beta_start', 0.0001),
    betaEnd: number('beta_end', 0.02),
    betaSchedule: oneOf('beta_schedule', ['linear', 'scaled_linear'] as const),
    predictionType: oneOf('prediction_type', ['epsilon', 'v_prediction'] as const),
    timestepSpacing: oneOf('timestep_spacing', [undefined, 'leading', 'trailing', 'linspace'] as const),
    stepsOffset: number('steps_offset', 0),
    setAlphaToOne: fields.set_alpha_to_one === true,
  };
}

/** ᾱ_t = Π (1 − β_s), s ≤ t (Ho et al., arXiv 2006.11239, equation 4), for every timestep of training. */
export function alphasCumprod({
  trainTimesteps,
  betaStart,
  betaEnd,
  betaSchedule,
}: SchedulerConfig): Float64Array {
  const root = betaSchedule === 'scaled_linear';
  const [from, to] = root ? [Math.sqrt(betaStart), Math.sqrt(betaEnd)] : [betaStart, betaEnd];
  const products = new Float64Array(trainTimesteps);
  let product = 1;
  for (let t = 0; t < trainTimesteps; t++) {
    const value = from + ((to - from) * t) / (trainTimesteps - 1);
    product *= 1 - (root ? value * value : value);
    products[t] = product;
  }
  return products;
}

/** x_t = signal · x₀ + noise · ε: the factors for a timestep, √ᾱ and √(1 − ᾱ). */
export function noiseFactors(alphas: Float64Array, timestep: number): { signal: number; noise: number } {
  const alpha = alphas[timestep];
  if (alpha === undefined) throw new RangeError(`there is no timestep ${timestep}`);
  return { signal: Math.sqrt(alpha), noise: Math.sqrt(1 - alpha) };
}

/** σ_t = √((1 − ᾱ)/ᾱ), noise over signal, for every timestep of training, rising. */
export function trainingSigmas(alphas: Float64Array): Float64Array {
  return alphas.map((alpha) => Math.sqrt((1 - alpha) / alpha));
}
