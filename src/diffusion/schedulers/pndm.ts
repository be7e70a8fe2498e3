import { alphasCumprod, type SchedulerConfig } from './noiseSchedule.ts';
import { cleanFrom, noiseFrom, type SamplerPlan } from './plan.ts';
import { roundHalfEven, spacedTimesteps } from './timesteps.ts';

/** Adams–Bashforth weights of the newest outputs, by how many there are. */
const WEIGHTS = [[1], [3 / 2, -1 / 2], [23 / 12, -16 / 12, 5 / 12], [55 / 24, -59 / 24, 37 / 24, -9 / 24]];

/**
 * Pseudo linear multistep sampling (Liu et al., arXiv 2202.09778, equations 11 and 12), as diffusers' `PNDMScheduler` with
 * `skip_prk_steps` (what Stable Diffusion ships): the first step is done twice, the second time with the mean of both
 * outputs, so a run of n steps evaluates the model n + 1 times.
 */
export function planPndm(config: SchedulerConfig, steps: number): SamplerPlan {
  const alphas = alphasCumprod(config);
  const { trainTimesteps, predictionType, stepsOffset, setAlphaToOne } = config;
  const spacing = config.timestepSpacing ?? 'leading';
  const single = spacedTimesteps(trainTimesteps, steps, spacing, stepsOffset).map(roundHalfEven);
  const timesteps = steps > 1 ? [single[0]!, single[1]!, ...single.slice(1)] : [single[0]!, single[0]!];
  const stride = Math.floor(trainTimesteps / steps);
  const final = setAlphaToOne ? 1 : alphas[0]!;
  const plan = timesteps.map((timestep, i) => {
    // The second evaluation redoes the first step from where it began.
    const from = i === 1 ? timestep + stride : timestep;
    const to = i === 1 ? timestep : timestep - stride;
    const alpha = alphas[Math.min(from, trainTimesteps - 1)]!;
    const next = to >= 0 ? alphas[to]! : final;
    const ownAlpha = alphas[timestep]!;
    const denominator = alpha * Math.sqrt(1 - next) + Math.sqrt(alpha * (1 - alpha) * next);
    const factor = -(next - alpha) / denominator;
    const noise = noiseFrom(alpha, predictionType);
    const weights = i === 1 ? [1 / 2, 1 / 2] : WEIGHTS[Math.min(i === 0 ? 0 : i - 1, 3)]!;
    return {
      ...{ timestep, inputScale: 1, clean: cleanFrom(ownAlpha, predictionType) },
      derive: { sample: 0, output: 1 },
      nextSample: Math.sqrt(next / alpha) + factor * noise.sample,
      nextHistory: weights.map((weight) => factor * noise.output * weight),
      ...{ remember: i !== 1, keep: i === 0, fromKept: i === 1 },
    };
  });
  return { initNoiseSigma: 1, steps: plan };
}
