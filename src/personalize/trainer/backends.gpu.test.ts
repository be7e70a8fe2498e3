import { expect, it } from 'vitest';
import type { Backend } from '../../backend/backend.ts';
import { createCpuBackend } from '../../backend/cpu/create.ts';
import { requestGpuDevice } from '../../backend/webgpu/adapter.ts';
import { WebGpuBackend } from '../../backend/webgpu/backend.ts';
import { referenceVector } from '../../dense/reference.ts';
import { VitLora } from '../../models/vit/lora.ts';
import { Context } from '../../tensor/context.ts';
import { STRONG_AUGMENT } from '../augment/settings.ts';
import { PRESETS } from '../presets.ts';
import type { TrainingSettings } from '../settings.ts';
import { discImages, goldenEncoder, SMALL_PREPROCESS } from './testing.ts';
import { Trainer } from './trainer.ts';
import type { PositiveMade } from './viewBank.ts';

const SIDE = SMALL_PREPROCESS.cropWidth;

/** Balanced as users run it, only smaller: Cut/Paste and real crops, the patch term, dropout, a frozen first layer. */
const settings: TrainingSettings = {
  ...PRESETS.balanced,
  steps: 8,
  batch: 4,
  microBatch: 4,
  lora: { rank: 4, alpha: 8, dropout: 0.2, targets: 'qkv+output+mlp', lastLayers: 1 },
  triplets: 16,
  views: { mode: 'fixed', anchors: 3, positives: 1, negatives: 1 },
  cutPasteCount: 4,
  augment: { ...STRONG_AUGMENT },
};

/** Positives of a run from the settings' seed, its losses, and the map of the adapter it makes on one picture. */
async function run(backend: Backend) {
  const context = new Context(backend);
  const encoder = await goldenEncoder(context);
  const { config } = encoder;
  const positives: PositiveMade[] = [];
  const trainer = new Trainer(context, encoder, SMALL_PREPROCESS, settings, discImages());
  await trainer.prepare({ onStage: () => {}, onPositive: (positive) => positives.push(positive) });
  while (trainer.step < settings.steps) trainer.runStep();
  const losses = (await trainer.drain()).map(({ loss }) => loss);
  const { adapter } = await trainer.checkpoint('test');
  const pixels = Float32Array.from(
    { length: 3 * SIDE * SIDE },
    (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011),
  );
  const lora = VitLora.fromAdapter(context, config, adapter);
  const hidden = context.scope(() => encoder.forward(context.fromArray(pixels, [1, 3, SIDE, SIDE]), lora));
  const tokens = (await context.read(hidden)).slice(config.width);
  context.destroy();
  const count = tokens.length / config.width;
  const coverage = Float32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const reference = referenceVector({ tokens, dimension: config.width, coverage });
  const map = Array.from({ length: count }, (_, i) => {
    const token = tokens.subarray(i * config.width, (i + 1) * config.width);
    return token.reduce((sum, value, c) => sum + value * reference[c]!, 0) / Math.hypot(...token);
  });
  return { positives, losses, map };
}

it('both backends make the same positives from one seed, and adapters whose maps agree to 1e-3', async () => {
  const gpu = await run(new WebGpuBackend(await requestGpuDevice()));
  const cpu = await run((await createCpuBackend({ threads: 2 })).backend);
  expect(cpu.positives.length).toBeGreaterThan(4);
  expect(cpu.positives).toEqual(gpu.positives);
  expect(cpu.losses).toHaveLength(settings.steps);
  expect(cpu.losses).toBeAllclose(gpu.losses, { atol: 0, rtol: 1e-3 });
  expect(cpu.map).toBeAllclose(gpu.map, { atol: 1e-3, rtol: 0 });
  // The maps say something: not one value everywhere.
  expect(Math.max(...cpu.map) - Math.min(...cpu.map)).toBeGreaterThan(0.05);
});
