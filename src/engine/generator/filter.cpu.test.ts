import { beforeAll, describe, expect, it } from 'vitest';
import { embeddedCheckpoint } from '../../models/weights/files/embedded.ts';
import { testContext } from '../../testing/device.ts';
import { served } from '../../testing/served.ts';
import { type LoadedEncoder, loadEncoder } from '../encoderSlot.ts';
import { FeatureStore } from '../features.ts';
import { MapMaker } from '../maps.ts';
import type { EnginePhoto } from '../protocol.ts';
import { patternedThing } from '../testing.ts';
import { SubjectFilter } from './filter.ts';

describe('SubjectFilter', () => {
  let loaded: LoadedEncoder;
  let filter: SubjectFilter;
  let features: FeatureStore;

  beforeAll(async () => {
    const context = await testContext();
    const files = await embeddedCheckpoint(served('/'));
    loaded = await loadEncoder(context, files, () => {});
    features = new FeatureStore(context, loaded.encoder, loaded.preprocess);
    const references: EnginePhoto[] = [
      { key: 'a', ...patternedThing('rings', 50, 60, 90) },
      { key: 'b', ...patternedThing('rings', 75, 70, 120) },
    ];
    filter = new SubjectFilter(
      features,
      new MapMaker(features, references),
      references,
      loaded.info.inputSize,
    );
  });

  it('scores the subject elsewhere above something else, and sees where it is', async () => {
    const same = await filter.score(patternedThing('rings', 40, 80, 100).pixels);
    const other = await filter.score(patternedThing('checks', 40, 80, 100).pixels);
    expect(same.score).toBeGreaterThan((other.score ?? 0) + 0.1);
    const [x, y, width, height] = same.box!;
    expect(x < 40 && x + width > 40 && y < 80 && y + height > 80).toBe(true);
  });

  it('fits the threshold between photos and other pictures', async () => {
    const others = [0, 1].map((i) => ({
      key: `o${i}`,
      ...patternedThing('checks', 50 + 20 * i, 60, 80 + 30 * i),
    }));
    const { photos, others: scores, threshold } = await filter.scale(others);
    expect(photos).toHaveLength(2);
    expect(threshold).toBeGreaterThan(Math.max(...scores));
    expect(threshold).toBeLessThan(Math.min(...photos));
  });

  it('gives everything back', async () => {
    const context = await testContext();
    features.release();
    loaded.release();
    expect(context.memory.used).toBe(0);
  });
});
