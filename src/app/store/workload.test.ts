import { describe, expect, it } from 'vitest';
import { DREAMBOOTH_PRESETS } from '../../diffusion/dreambooth/presets.ts';
import { dinov2Config } from '../../models/vit/testing.ts';
import { PRESETS } from '../../personalize/presets.ts';
import { learningWork, pictureWork, teachingWork } from './workload.ts';

/** DINOv2-S at 224 pixels, whose forward pass is 12 GFLOP and its training step 25 with every layer adapted. */
const config = dinov2Config({ width: 384, layers: 12, heads: 6, patch: 14, imageSize: 518 });
const counts = { real: 3, cutpaste: 24, generated: 0, negative: 20 };
const of = (settings = PRESETS.paper, microBatch = settings.batch) =>
  teachingWork({ config, side: 224, settings, counts, microBatch });

describe('teachingWork', () => {
  it('is the arithmetic that the model has', () => {
    const image = of().step / 48;
    expect(image).toBeGreaterThan(0.85 * 25);
    expect(image).toBeLessThan(1.15 * 25);
    expect(of().all).toBeCloseTo(564 * of().step);
  });

  it('runs forward once more where a step is split', () => {
    expect(of(PRESETS.paper, 8).step / of().step).toBeCloseTo(1.5);
  });

  it('runs frozen layers once for fixed views, at every step for fresh ones', () => {
    const { balanced } = PRESETS;
    const fresh = of({ ...balanced, views: { mode: 'fresh' } });
    // Of twelve layers four are adapted: 2·4 against 2·4 + 8.
    expect(fresh.step / of(balanced).step).toBeCloseTo(2);
    expect(of(balanced).all).toBeGreaterThan(balanced.steps * of(balanced).step);
    expect(of(balanced).all).toBeLessThan(fresh.all);
  });
});

describe('learningWork', () => {
  const { paper, embedded } = DREAMBOOTH_PRESETS;

  it('counts steps, samples and the class images that are missing', () => {
    // 150 steps of one image, four samples of 20 guided steps.
    expect(learningWork(embedded, 0)).toBe(150 * 2 + 4 * 40);
    const samples = 5 * 50;
    expect(learningWork(paper, 0)).toBe(400 * 4 + samples + 200 * 100);
    expect(learningWork(paper, 150)).toBe(400 * 4 + samples + 50 * 100);
    expect(learningWork({ ...paper, validateEvery: 0 }, 300)).toBe(400 * 4);
  });

  it('counts a guided picture twice', () => {
    expect([pictureWork({ steps: 20, guidance: 4 }), pictureWork({ steps: 20, guidance: 1 })]).toEqual([
      40, 20,
    ]);
  });
});
