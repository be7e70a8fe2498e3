import { alphasCumprod, type SchedulerConfig } from './noiseSchedule.ts';
import { cleanFrom, noiseFrom, type SamplerPlan } from './plan.ts';
import { roundHalfEven, spacedTimesteps } from './timesteps.ts';

/**
 * DDIM without added noise (Song et al., arXiv 2010.02502, equation 12 with σ = 0), as diffusers' `DDIMScheduler`:
 * next = √ᾱ′·x₀ + √(1 − ᾱ′)·ε.
 */
export function planDdim(config: SchedulerConfig, steps: number): SamplerPlan {
  const alphas = alphasCumprod(config);
  const { trainTimesteps, predictionType, stepsOffset, setAlphaToOne } = config;
  const spacing = config.timestepSpacing ?? 'leading';
  const timesteps = spacedTimesteps(trainTimesteps, steps, spacing, stepsOffset).map(roundHalfEven);
  const stride = Math.floor(trainTimesteps / steps);
  const final = setAlphaToOne ? 1 : alphas[0]!;
  return {
    initNoiseSigma: 1,
    steps: timesteps.map((timestep) => {
      const alpha = alphas[timestep]!;
      const next = timestep - stride >= 0 ? alphas[timestep - stride]! : final;
      const clean = cleanFrom(alpha, predictionType);
      const noise = noiseFrom(alpha, predictionType);
      const [signalFactor, noiseFactor] = [Math.sqrt(next), Math.sqrt(1 - next)];
      return {
        ...{ timestep, inputScale: 1, clean, derive: { sample: 0, output: 1 } },
        nextSample: signalFactor * clean.sample + noiseFactor * noise.sample,
        nextHistory: [signalFactor * clean.output + noiseFactor * noise.output],
        ...{ remember: false, keep: false, fromKept: false },
      };
    }),
  };
}
