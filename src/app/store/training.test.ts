import { expect, it } from 'vitest';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import { dinov2Config } from '../../models/vit/testing.ts';
import { PRESETS } from '../../personalize/presets.ts';
import { engineStore } from './engine.ts';
import { libraryStore } from './library.ts';
import { paceOf, paceStore } from './pace.ts';
import { computeStatus } from './testing.ts';
import { type LiveRun, onEvent, trainingStore } from './training.ts';
import { teachingWork } from './workload.ts';

it('a run notes how fast the device is, so that the time of the next is known beforehand', async () => {
  const compute = computeStatus('v');
  const config = dinov2Config({ width: 192, layers: 8, heads: 3, patch: 8, imageSize: 128 });
  engineStore.setState({ status: { compute }, encoder: { config, inputSize: 128 } } as never);
  const library = await openLibrary({ store: new MemoryStore() });
  libraryStore.setState({ library });
  const subject = await library.subjects.create({ name: 'Rex', className: 'dog' });
  const settings = PRESETS.balanced;
  const record = await library.runs.create(subject.id, { settings, totalSteps: settings.steps });
  paceStore.setState({ seconds: {} });
  trainingStore.setState({
    run: { subjectId: subject.id, record, settings, points: [] } as never as LiveRun,
  });
  const point = { step: 1, loss: 1, globalLoss: 1, patchLoss: null, rankingAccuracy: 1 };
  const memory = { used: 0, peak: 0, reserved: 0 };
  onEvent(record.id, { type: 'step', point, imagesPerSecond: 8, secondsLeft: 9, memory });
  const lora = { rank: 1, alpha: 1, dropout: 0, targets: [], layers: [], baseModel: '', tensors: {} };
  const optimizer = { step: 1, first: {}, second: {} };
  onEvent(record.id, {
    type: 'checkpoint',
    checkpoint: { step: 1, adapter: lora as never, optimizer, history: [point] },
  });
  await expect.poll(() => paceOf({ kind: 'encoder' }, compute)?.measured).toBe(true);
  // 24 images a step at 8 a second: 150 seconds for 50 steps, and as long as that is of the prefix.
  const counts = { real: 3, cutpaste: 24, generated: 0, negative: 12 };
  const { all, step } = teachingWork({ config, side: 128, settings, counts, microBatch: 8 });
  const { seconds } = paceOf({ kind: 'encoder' }, compute)!;
  expect(seconds * step).toBeCloseTo(3);
  expect(seconds * all).toBeGreaterThan(150);
  expect(seconds * all).toBeLessThan(200);
});
