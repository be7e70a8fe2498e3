import { describe, expect, it } from 'vitest';
import { alphasCumprod, readSchedulerConfig } from '../schedulers/noiseSchedule.ts';
import { type BatchSettings, drawBatch, type LatentBank, snrWeight } from './batch.ts';

const alphas = alphasCumprod(readSchedulerConfig({ beta_start: 0.00085, beta_end: 0.012 }));
const bank = (value: number, weights: number[]): LatentBank => ({
  latents: [new Float32Array(16).fill(value), new Float32Array(16).fill(value + 1)],
  weights: [Float32Array.from(weights), Float32Array.from(weights)],
});
const settings: BatchSettings = {
  ...{ seed: 3, batch: 2, predictionType: 'epsilon', snrGamma: null, priorWeight: 0.5, captions: 1 },
};

describe('drawBatch', () => {
  const instances = bank(0, [1, 1, 0.25, 0]);
  const prior = bank(10, [1, 1, 1, 1]);

  it('noises each image so that its target gives it back', () => {
    for (const predictionType of ['epsilon', 'v_prediction'] as const) {
      const { noisy, target, timesteps } = drawBatch(
        { ...settings, predictionType },
        alphas,
        instances,
        prior,
        5,
      );
      expect(timesteps).toHaveLength(4);
      timesteps.forEach((t, row) => {
        const [signal, noise] = [Math.sqrt(alphas[t]!), Math.sqrt(1 - alphas[t]!)];
        const clean = Array.from({ length: 16 }, (_, j) => {
          const [x, y] = [noisy[row * 16 + j]!, target[row * 16 + j]!];
          return predictionType === 'epsilon' ? (x - noise * y) / signal : signal * x - noise * y;
        });
        const base = row < 2 ? 0 : 10;
        expect(Math.abs(clean[0]! - base) < 0.01 || Math.abs(clean[0]! - base - 1) < 0.01).toBe(true);
        expect(clean).toBeAllclose(new Array(16).fill(Math.round(clean[0]!)), { atol: 2e-2 });
      });
    }
  });

  it('weighs so that the mean over all cells is the subject plus the weighted class', () => {
    const { weights, instances: own } = drawBatch(settings, alphas, instances, prior, 0);
    expect(own).toBe(2);
    const errors = 3;
    const mean = weights.reduce((sum, weight) => sum + weight * errors, 0) / weights.length;
    expect(mean).toBeCloseTo((errors * (1 + 1 + 0.25)) / 4 + 0.5 * errors, 5);
    const alone = drawBatch(settings, alphas, instances, undefined, 0);
    expect([...alone.weights]).toEqual([1, 1, 0.25, 0, 1, 1, 0.25, 0]);
  });

  it('depends on seed and step alone', () => {
    const draw = (seed: number, step: number) =>
      drawBatch({ ...settings, seed }, alphas, instances, prior, step);
    expect(draw(3, 4)).toEqual(draw(3, 4));
    expect(draw(3, 4).noisy).not.toEqual(draw(3, 5).noisy);
    expect(draw(3, 4).noisy).not.toEqual(draw(4, 4).noisy);
  });

  it('learns the subject under all captions, with the same noise however many there are', () => {
    const drawn = Array.from({ length: 60 }, (_, step) =>
      drawBatch({ ...settings, captions: 4 }, alphas, instances, prior, step),
    );
    for (const { captions } of drawn) expect(captions).toHaveLength(2);
    expect(new Set(drawn.flatMap(({ captions }) => captions))).toEqual(new Set([0, 1, 2, 3]));
    const alone = drawBatch(settings, alphas, instances, prior, 7);
    expect(alone.captions).toEqual([0, 0]);
    expect(alone.noisy).toEqual(drawn[7]!.noisy);
    const described = { ...instances, captions: [3, 3] };
    expect(drawBatch({ ...settings, captions: 4 }, alphas, described, prior, 7)).toEqual({
      ...drawn[7]!,
      captions: [3, 3],
    });
  });
});

describe('snrWeight', () => {
  it('caps what nearly clean images weigh', () => {
    // SNR 99 and 1/99.
    expect(snrWeight(0.99, 'epsilon', 5)).toBeCloseTo(5 / 99);
    expect(snrWeight(0.01, 'epsilon', 5)).toBeCloseTo(1);
    expect(snrWeight(0.99, 'v_prediction', 5)).toBeCloseTo(5 / 100);
    expect(snrWeight(0.99, 'epsilon', null)).toBe(1);
  });
});
