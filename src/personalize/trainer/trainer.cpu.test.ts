import { beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../images/types.ts';
import type { Vit } from '../../models/vit/model.ts';
import type { Context } from '../../tensor/context.ts';
import { testContext } from '../../testing/device.ts';
import { PAPER_AUGMENT, STRONG_AUGMENT } from '../augment/settings.ts';
import { PRESETS } from '../presets.ts';
import type { TrainingSettings } from '../settings.ts';
import { discImages, goldenEncoder, SMALL_PREPROCESS } from './testing.ts';
import { Trainer, type TrainingImages, type TrainingPoint, TrainingSetupError } from './trainer.ts';

const base: TrainingSettings = {
  ...PRESETS.balanced,
  steps: 6,
  batch: 3,
  microBatch: 3,
  lora: { rank: 4, alpha: 8, dropout: 0.2, targets: 'qkv+output+mlp', lastLayers: 1 },
  triplets: 18,
  views: { mode: 'fixed', anchors: 3, positives: 1, negatives: 1 },
  cutPasteCount: 4,
  augment: { ...STRONG_AUGMENT },
};

const hooks = { onStage: () => {}, onPositive: () => {} };
let context: Context;
let encoder: Vit;

beforeAll(async () => {
  context = await testContext();
  encoder = await goldenEncoder(context);
});

async function curve(settings: TrainingSettings, steps = settings.steps): Promise<TrainingPoint[]> {
  const trainer = new Trainer(context, encoder, SMALL_PREPROCESS, settings, discImages());
  await trainer.prepare(hooks);
  const points: TrainingPoint[] = [];
  while (trainer.step < steps) {
    trainer.runStep();
    points.push(...(await trainer.drain()));
  }
  trainer.release();
  return points;
}

const losses = (points: TrainingPoint[]) => points.map(({ loss }) => loss);

describe('Trainer', () => {
  it('lowers the loss and releases everything', async () => {
    await curve(base, 1); // the encoder keeps its interpolated position table
    const before = context.memory.used;
    const points = await curve({
      ...base,
      batch: 6,
      steps: 15,
      lora: { ...base.lora, dropout: 0 },
      optimizer: { ...base.optimizer, learningRate: 4e-3 },
    });
    expect(points).toHaveLength(15);
    // Whole epochs of three steps: 18 triplets in batches of 6.
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    expect(mean(losses(points).slice(-3))).toBeLessThan(0.75 * mean(losses(points).slice(0, 3)));
    expect(context.memory.used).toBe(before);
  });

  it('gives the same curve for the same seed, another for another', async () => {
    const first = losses(await curve(base, 3));
    expect(losses(await curve(base, 3))).toEqual(first);
    expect(losses(await curve({ ...base, seed: 5 }, 3))).not.toEqual(first);
  });

  it('computes the same in micro-batches, dropout included', async () => {
    const whole = losses(await curve(base, 4));
    expect(losses(await curve({ ...base, microBatch: 1 }, 4))).toBeAllclose(whole, { rtol: 2e-4 });
    expect(losses(await curve({ ...base, microBatch: 2 }, 4))).toBeAllclose(whole, { rtol: 2e-4 });
  });

  it('continues from a checkpoint as if it had not stopped', async () => {
    const uninterrupted = losses(await curve(base));
    const start = new Trainer(context, encoder, SMALL_PREPROCESS, base, discImages());
    await start.prepare(hooks);
    for (let i = 0; i < 3; i++) start.runStep();
    const early = losses(await start.drain());
    const checkpoint = await start.checkpoint('golden');
    start.release();
    const rest = new Trainer(context, encoder, SMALL_PREPROCESS, base, discImages());
    await rest.prepare(hooks);
    rest.restore(structuredClone(checkpoint));
    expect(rest.step).toBe(3);
    while (rest.step < base.steps) rest.runStep();
    const late = losses(await rest.drain());
    expect((await rest.checkpoint('golden')).history).toHaveLength(base.steps);
    rest.release();
    expect([...early, ...late]).toBeAllclose(uninterrupted, { rtol: 1e-5 });
  });

  it('trains with fresh views and each loss', async () => {
    for (const loss of ['info-nce', 'multi-positive', 'hinge'] as const) {
      const settings: TrainingSettings = {
        ...base,
        loss,
        patchTerm: null,
        embedding: 'cls',
        positives: 'real',
        views: { mode: 'fresh' },
        augment: PAPER_AUGMENT,
      };
      const points = await curve(settings, 2);
      expect(points.every((point) => Number.isFinite(point.loss) && point.patchLoss === null)).toBe(true);
    }
  });

  it('starts exactly from the pretrained encoder', async () => {
    const trainer = new Trainer(context, encoder, SMALL_PREPROCESS, base, discImages());
    const { adapter } = await trainer.checkpoint('golden');
    trainer.release();
    expect(Object.values(adapter.tensors).every(({ B }) => B.every((value) => value === 0))).toBe(true);
    const bounds = Object.values(adapter.tensors).map(
      ({ A, inFeatures }) => Math.max(...A.map(Math.abs)) * Math.sqrt(inFeatures),
    );
    for (const bound of bounds) expect(bound).toBeLessThanOrEqual(1.0001);
  });

  it('says what a run is missing', () => {
    const { photos, negatives, backgrounds } = discImages();
    const make = (settings: TrainingSettings, given: TrainingImages) => () =>
      new Trainer(context, encoder, SMALL_PREPROCESS, settings, given);
    expect(make(base, { photos: [], negatives, backgrounds })).toThrow(TrainingSetupError);
    expect(make(base, { photos, negatives: [], backgrounds })).toThrow('negatives');
    const unmasked = photos.map(
      ({ key, pixels }) => ({ key, pixels }) satisfies { key: string; pixels: Pixels },
    );
    expect(make(base, { photos: unmasked, negatives, backgrounds })).toThrow('mask');
  });
});
