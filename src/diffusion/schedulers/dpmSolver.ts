import { alphasCumprod, type SchedulerConfig, trainingSigmas } from './noiseSchedule.ts';
import { cleanFrom, type SamplerPlan } from './plan.ts';
import { interpolate, karrasSigmas, timestepOf } from './sigmas.ts';
import { roundHalfEven, spacedTimesteps } from './timesteps.ts';

/**
 * DPM-Solver++ 2M, midpoint (Lu et al., arXiv 2211.01095, algorithm 2), as diffusers' `DPMSolverMultistepScheduler`: the first and
 * the last step are of first order, the last ends at no noise. With x₀ predictions D₀ (now) and D₁ (before), h the
 * step in log(signal/noise) and r₀ the step before over h:
 * next = σ′/σ·x − α′(e^(−h) − 1)(D₀ + (D₀ − D₁)/(2 r₀)).
 * @param karras noise levels of Karras et al. instead of even timesteps
 */
export function planDpmSolver(config: SchedulerConfig, steps: number, karras: boolean): SamplerPlan {
  const sigmas = trainingSigmas(alphasCumprod(config));
  const levels = karras ? karrasLevels(sigmas, steps) : evenLevels(config, sigmas, steps);
  const plan = levels.map(({ timestep, sigma }, i) => {
    const now = signalAndNoise(sigma);
    const next = signalAndNoise(levels[i + 1]?.sigma ?? 0);
    const clean = cleanFrom(now.signal ** 2, config.predictionType);
    const ratio = next.noise / now.noise;
    // e^(−h), written so that it is zero where the next noise is.
    const decay = (now.signal / now.noise) * (next.noise / next.signal);
    const factor = -next.signal * (decay - 1);
    const before = levels[i - 1];
    const weights =
      before && i < levels.length - 1
        ? secondOrder(logSnr(before.sigma), logSnr(sigma), logSnr(levels[i + 1]!.sigma))
        : [1];
    return {
      ...{ timestep, inputScale: 1, clean, derive: clean, nextSample: ratio },
      nextHistory: weights.map((weight) => factor * weight),
      ...{ remember: true, keep: false, fromKept: false },
    };
  });
  return { initNoiseSigma: 1, steps: plan };
}

/** Weights of D₀ and D₁. */
function secondOrder(before: number, now: number, next: number): number[] {
  const r0 = (now - before) / (next - now);
  return [1 + 1 / (2 * r0), -1 / (2 * r0)];
}

function signalAndNoise(sigma: number): { signal: number; noise: number } {
  const signal = 1 / Math.sqrt(sigma * sigma + 1);
  return { signal, noise: sigma * signal };
}

function logSnr(sigma: number): number {
  return -Math.log(sigma);
}

interface Level {
  timestep: number;
  sigma: number;
}

function karrasLevels(sigmas: Float64Array, steps: number): Level[] {
  const levels = karrasSigmas(sigmas[sigmas.length - 1]!, sigmas[0]!, steps);
  return levels.map((sigma) => ({ sigma, timestep: roundHalfEven(timestepOf(sigma, sigmas)) }));
}

function evenLevels(config: SchedulerConfig, sigmas: Float64Array, steps: number): Level[] {
  const { trainTimesteps, stepsOffset } = config;
  const spacing = config.timestepSpacing ?? 'linspace';
  // With `linspace` and `leading` diffusers takes one step more and leaves the one without noise out.
  const timesteps =
    spacing === 'trailing'
      ? spacedTimesteps(trainTimesteps, steps, spacing, 0)
      : Array.from({ length: steps }, (_, i) => {
          const fromEnd = steps - i;
          return spacing === 'linspace'
            ? (fromEnd * (trainTimesteps - 1)) / steps
            : fromEnd * Math.floor(trainTimesteps / (steps + 1)) + stepsOffset;
        });
  return timesteps.map((place) => {
    const timestep = roundHalfEven(place);
    return { timestep, sigma: interpolate(sigmas, timestep) };
  });
}
