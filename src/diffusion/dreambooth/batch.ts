import { Philox } from '../../random/philox.ts';
import type { PredictionType } from '../schedulers/noiseSchedule.ts';
import { noiseFactors } from '../schedulers/noiseSchedule.ts';

/** Latents of training images, all of one size, with the weight of every cell. */
export interface LatentBank {
  /** Each [H, W, C] row-major. */
  latents: Float32Array[];
  /** Each [H, W]; all ones without masks. */
  weights: Float32Array[];
  /** Which caption each is learned under; any, by chance, when left out. */
  captions?: number[];
}

/** What one step trains on; arrays of N images, those of the subject first, then those of its class. */
export interface NoisyBatch {
  /** [N, H, W, C] */
  noisy: Float32Array;
  target: Float32Array;
  /** [N, H, W]: factor of every cell's squared error. */
  weights: Float32Array;
  timesteps: number[];
  /** Which of the captions each image of the subject is learned under. */
  captions: number[];
  /** How many are of the subject. */
  instances: number;
}

/** Settings that a batch is drawn by. */
export interface BatchSettings {
  seed: number;
  batch: number;
  predictionType: PredictionType;
  snrGamma: number | null;
  /** Weight of the class images' mean error. */
  priorWeight: number;
  /** Captions to draw from. */
  captions: number;
}

/**
 * Draw step `step`'s batch: images, noise and timesteps (uniform over training's) from the seed and the step alone.
 * Weights are such that the mean over all cells is the mean over the subject's images plus `priorWeight` times the mean
 * over those of the class.
 */
export function drawBatch(
  { seed, batch, predictionType, snrGamma, priorWeight, captions: known }: BatchSettings,
  alphas: Float64Array,
  instances: LatentBank,
  prior: LatentBank | undefined,
  step: number,
): NoisyBatch {
  const random = new Philox(seed).split(`dreambooth ${step}`);
  // Of its own, so that noise is the same however many captions there are.
  const captionRandom = new Philox(seed).split(`dreambooth caption ${step}`);
  const banks = prior ? [instances, prior] : [instances];
  const count = batch * banks.length;
  const size = instances.latents[0]!.length;
  const cells = instances.weights[0]!.length;
  const noisy = new Float32Array(count * size);
  const target = new Float32Array(count * size);
  const weights = new Float32Array(count * cells);
  const timesteps: number[] = [];
  const captions: number[] = [];
  banks.forEach((bank, part) => {
    const share = (part === 0 ? 1 : priorWeight) * banks.length;
    for (let i = 0; i < batch; i++) {
      const row = part * batch + i;
      const index = random.int(bank.latents.length);
      const timestep = random.int(alphas.length);
      timesteps.push(timestep);
      if (part === 0) captions.push(bank.captions?.[index] ?? captionRandom.int(known));
      const { signal, noise: noiseFactor } = noiseFactors(alphas, timestep);
      const latents = bank.latents[index]!;
      for (let j = 0; j < size; j++) {
        const epsilon = random.normal();
        const x = latents[j]!;
        noisy[row * size + j] = signal * x + noiseFactor * epsilon;
        target[row * size + j] = predictionType === 'epsilon' ? epsilon : signal * epsilon - noiseFactor * x;
      }
      const factor = share * snrWeight(alphas[timestep]!, predictionType, snrGamma);
      const own = bank.weights[index]!;
      for (let j = 0; j < cells; j++) weights[row * cells + j] = factor * own[j]!;
    }
  });
  return { noisy, target, weights, timesteps, captions, instances: batch };
}

/** Min-SNR weight of a timestep: min(SNR, γ)/SNR for noise, min(SNR, γ)/(SNR + 1) for velocity. */
export function snrWeight(alpha: number, predictionType: PredictionType, gamma: number | null): number {
  if (gamma === null) return 1;
  const snr = alpha / (1 - alpha);
  return Math.min(snr, gamma) / (predictionType === 'epsilon' ? snr : snr + 1);
}
