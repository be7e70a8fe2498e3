/**
 * A sampler as a list of linear combinations, so that all of its arithmetic can run on the GPU in one kernel a step and
 * nothing of it depends on the numbers. Each step:
 *
 *     output = model(inputScale · sample, timestep)
 *     entry  = derive.sample · sample + derive.output · output         what the history keeps
 *     base   = the kept sample if `fromKept`, else sample
 *     next   = base · nextSample + Σ_j nextHistory[j] · history[j]      history[0] is this step's entry
 */
export interface SamplerStep {
  timestep: number;
  inputScale: number;
  derive: Combination;
  nextSample: number;
  nextHistory: number[];
  /** Whether this step's entry stays in the history. */
  remember: boolean;
  /** Keep this step's sample for a later one. */
  keep: boolean;
  fromKept: boolean;
  /** The predicted clean image, for showing what is to come. */
  clean: Combination;
}

/** Factors of a sample and of the model's output for it. */
export interface Combination {
  sample: number;
  output: number;
}

/** A whole run: noise of standard deviation `initNoiseSigma` first, then the steps. */
export interface SamplerPlan {
  initNoiseSigma: number;
  steps: SamplerStep[];
}

/** Entries of the history that any sampler asks for. */
export const HISTORY_LENGTH = 4;

/**
 * Carry out a plan on the CPU, in double precision: the reference for the kernel.
 * @param model from scaled sample and timestep to output
 * @returns the sample after each step
 */
export function applyPlan(
  { steps }: SamplerPlan,
  start: Float64Array,
  model: (sample: Float64Array, timestep: number) => Float64Array,
): Float64Array[] {
  let sample = start;
  let kept = start;
  let history: Float64Array[] = [];
  return steps.map((step) => {
    const output = model(
      sample.map((value) => value * step.inputScale),
      step.timestep,
    );
    const entry = sample.map((value, i) => step.derive.sample * value + step.derive.output * output[i]!);
    const entries = [entry, ...history];
    const base = step.fromKept ? kept : sample;
    if (step.keep) kept = sample;
    sample = base.map((value, i) =>
      step.nextHistory.reduce((sum, factor, j) => sum + factor * entries[j]![i]!, step.nextSample * value),
    );
    if (step.remember) history = entries.slice(0, HISTORY_LENGTH - 1);
    return sample;
  });
}

/** x₀ from a sample √ᾱ·x₀ + √(1 − ᾱ)·ε and the model's output. */
export function cleanFrom(alpha: number, prediction: 'epsilon' | 'v_prediction'): Combination {
  const [signal, noise] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
  return prediction === 'epsilon'
    ? { sample: 1 / signal, output: -noise / signal }
    : { sample: signal, output: -noise };
}

/** ε from the same. */
export function noiseFrom(alpha: number, prediction: 'epsilon' | 'v_prediction'): Combination {
  return prediction === 'epsilon'
    ? { sample: 0, output: 1 }
    : { sample: Math.sqrt(1 - alpha), output: Math.sqrt(alpha) };
}
