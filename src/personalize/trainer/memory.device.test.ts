import { describe, expect, it, vi } from 'vitest';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import { Vit } from '../../models/vit/model.ts';
import { parametersOf } from '../../models/vit/parameters.ts';
import { dinov2Config, tensorsOf } from '../../models/vit/testing.ts';
import { parametersFrom } from '../../models/weights/loadParameters.ts';
import { computeNothing, testContext } from '../../testing/device.ts';
import { PRESETS } from '../presets.ts';
import type { TrainingSettings } from '../settings.ts';
import { encoderBytes, largestTrainingTensor, trainingMemory } from './memory.ts';
import { Trainer, type TrainingPhoto } from './trainer.ts';

/** An encoder of the built-in one's form, smaller: 65 tokens, six layers. */
const config = dinov2Config({ width: 96, layers: 6, heads: 3, patch: 8, imageSize: 64 });
const SIDE = 64;
const preprocess: PreprocessConfig = {
  ...{ resizeShortestEdge: SIDE, resample: 'bicubic', cropHeight: SIDE, cropWidth: SIDE },
  ...{ rescaleFactor: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] },
};

function photos(count: number, masked: boolean): TrainingPhoto[] {
  return Array.from({ length: count }, (_, i) => {
    const data = new Uint8ClampedArray(4 * 80 * 80).map((_, at) => (at * (i + 3)) % 251);
    const mask = { width: 80, height: 80, data: new Uint8Array(80 * 80) };
    for (let at = 0; at < 80 * 80; at++) mask.data[at] = Math.abs((at % 80) - 40) < 20 ? 255 : 0;
    return { key: `${masked} ${i}`, pixels: { width: 80, height: 80, data }, ...(masked ? { mask } : {}) };
  });
}

const { balanced, paper } = PRESETS;
const mlp = { ...balanced.lora, targets: 'qkv+output+mlp', lastLayers: 6 } as const;
const CASES: [string, Partial<TrainingSettings>, number][] = [
  ['balanced', { ...balanced, batch: 4 }, 4],
  ['balanced, one triplet at a time', { ...balanced, batch: 4 }, 1],
  ['paper', { ...paper, batch: 3 }, 3],
  ['all linear layers', { ...balanced, batch: 3, lora: mlp }, 3],
  ['many fixed views', { ...balanced, batch: 1, views: { ...balanced.views, anchors: 60 } as never }, 1],
];

describe('trainingMemory', () => {
  it.each(CASES)('is within two fifths of what a run takes: %s', async (_, given, microBatch) => {
    const context = await testContext();
    // What the pool is asked for does not depend on what is computed: nothing has to be.
    const computeAgain = computeNothing(context);
    const before = context.memory.used;
    const tensors = tensorsOf(config, (_, size) => new Float32Array(size).map((_, i) => Math.sin(i) / 10));
    const parameters = parametersFrom(context, parametersOf(config), tensors, 'test');
    const encoder = new Vit(context, config, parameters);
    expect(encoderBytes(config) / (context.memory.used - before)).toBeGreaterThan(0.8);
    const settings = { ...balanced, ...given, steps: 1, triplets: 8, cutPasteCount: 4, microBatch };
    const images = { photos: photos(3, true), negatives: photos(5, false), backgrounds: [] };
    context.backend.trim();
    context.backend.resetPeak();
    const alloc = vi.spyOn(context.backend, 'alloc');
    const trainer = new Trainer(context, encoder, preprocess, settings, images);
    await trainer.prepare({ onStage: () => {}, onPositive: () => {} });
    trainer.runStep();
    await trainer.drain();
    const asked = alloc.mock.calls.map(([bytes]) => bytes);
    alloc.mockRestore();
    const measured = context.memory.peak - before;
    trainer.release();
    encoder.release();
    parameters.release();
    computeAgain();
    const counts = { real: 3, cutpaste: 4, generated: 0, negative: 5 };
    const work = { config, side: SIDE, settings, counts, microBatch };
    const estimate = trainingMemory(work);
    expect(estimate / measured, `${estimate} / ${measured}`).toBeGreaterThan(0.6);
    expect(estimate / measured, `${estimate} / ${measured}`).toBeLessThan(1.4);
    const largest = largestTrainingTensor(work) / Math.max(...asked);
    expect(largest, 'largest tensor').toBeGreaterThan(0.6);
    expect(largest, 'largest tensor').toBeLessThan(1.4);
  });
});
