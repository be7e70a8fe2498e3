import { alphasCumprod, type SchedulerConfig, trainingSigmas } from './noiseSchedule.ts';
import type { SamplerPlan } from './plan.ts';
import { interpolate } from './sigmas.ts';
import { spacedTimesteps } from './timesteps.ts';

/**
 * Euler steps of the probability flow (Karras et al., arXiv 2206.00364, algorithm 2 without churn), as diffusers'
 * `EulerDiscreteScheduler`: samples carry noise σ·ε unscaled, the model sees x/√(σ² + 1), next = x + (σ′ − σ)(x − x₀)/σ.
 */
export function planEuler(config: SchedulerConfig, steps: number): SamplerPlan {
  const sigmas = trainingSigmas(alphasCumprod(config));
  const spacing = config.timestepSpacing ?? 'linspace';
  const timesteps = spacedTimesteps(config.trainTimesteps, steps, spacing, config.stepsOffset);
  const levels = timesteps.map((timestep) => interpolate(sigmas, timestep));
  const velocity = config.predictionType === 'v_prediction';
  const highest = levels[0]!;
  return {
    initNoiseSigma: spacing === 'leading' ? Math.sqrt(highest ** 2 + 1) : highest,
    steps: timesteps.map((timestep, i) => {
      const sigma = levels[i]!;
      const scale = 1 / Math.sqrt(sigma * sigma + 1);
      const clean = velocity
        ? { sample: scale * scale, output: -sigma * scale }
        : { sample: 1, output: -sigma };
      const delta = ((levels[i + 1] ?? 0) - sigma) / sigma;
      return {
        ...{ timestep, inputScale: scale, clean, derive: clean },
        ...{ nextSample: 1 + delta, nextHistory: [-delta] },
        ...{ remember: false, keep: false, fromKept: false },
      };
    }),
  };
}
