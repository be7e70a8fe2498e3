import { beforeAll, describe, expect, it } from 'vitest';
import { loadGoldenEncoder } from '../../headless/golden/dinov2.ts';
import { fetchFolder } from '../../headless/golden/fetchFolder.ts';
import { embeddedCheckpoint } from '../../models/weights/files/embedded.ts';
import { readPreprocessing } from '../../models/weights/files/preprocessor.ts';
import { testContext } from '../../testing/device.ts';
import { served } from '../../testing/served.ts';
import { type LoadedEncoder, loadEncoder } from '../encoderSlot.ts';
import { FeatureStore } from '../features.ts';
import { MapMaker } from '../maps.ts';
import type { EnginePhoto } from '../protocol.ts';
import { patternedThing } from '../testing.ts';
import { PictureJudge } from './judge.ts';
import type { EvaluationSettings } from './protocol.ts';

describe('PictureJudge', () => {
  let loaded: LoadedEncoder;
  let features: FeatureStore;
  let settings: EvaluationSettings;
  const references: EnginePhoto[] = [
    { key: 'a', ...patternedThing('rings', 50, 60, 90) },
    { key: 'b', ...patternedThing('rings', 75, 70, 120) },
  ];
  const judgeWith = (photos: EnginePhoto[]) =>
    new PictureJudge(features, new MapMaker(features, photos), photos);

  beforeAll(async () => {
    const context = await testContext();
    loaded = await loadEncoder(context, await embeddedCheckpoint(served('/')), () => {});
    features = new FeatureStore(context, loaded.encoder, loaded.preprocess);
    settings = { dense: true, map: { size: loaded.info.inputSize, mode: 'reference', frame: 'fit' } };
  });

  it('finds a training photo itself: similarity 1, and the map knows its patches', async () => {
    const judge = judgeWith(references);
    const { score, dense, embedding, map } = await judge.judge('pretrained', references[0]!, true, settings);
    expect(map!.values).toHaveLength(map!.columns * map!.rows);
    expect(score).toBeCloseTo(1, 5);
    expect(embedding).toHaveLength(loaded.info.hiddenSize);
    expect(dense!.truth!.patchAp!).toBeGreaterThan(0.8);
    expect(dense!.truth!.boxIou).toBeGreaterThan(0);
    expect(dense!.truth!.maskIou).toBeGreaterThan(0);
    // A disc of radius 30 and its box; the reference's boxes end at their last pixel.
    expect(dense!.truth!.maskArea).toBeCloseTo(Math.PI * 30 ** 2, -2);
    expect(dense!.truth!.boxArea).toBe(58 ** 2);
    expect(dense!.confidence!).toBeLessThanOrEqual(1 + 1e-6);
  });

  it('scores another thing lower and gives it no truth', async () => {
    const judge = judgeWith(references);
    const own = await judge.judge(
      'pretrained',
      { key: 'c', ...patternedThing('rings', 40, 80, 100) },
      true,
      settings,
    );
    const other = await judge.judge(
      'pretrained',
      { key: 'd', ...patternedThing('checks', 40, 80, 100) },
      false,
      settings,
    );
    expect(own.score).toBeGreaterThan(other.score);
    expect(own.dense!.confidence!).toBeGreaterThan(other.dense!.confidence!);
    expect(other.dense!.truth).toBeNull();
  });

  it('makes no maps where they are not wanted, or no training photo has a mask', async () => {
    const photo = references[0]!;
    const blind = references.map(({ key, pixels }) => ({ key, pixels }));
    expect((await judgeWith(blind).judge('pretrained', photo, true, settings)).dense).toBeNull();
    const flat = { ...settings, dense: false };
    expect((await judgeWith(references).judge('pretrained', photo, true, flat)).dense).toBeNull();
  });

  it('gives everything back', async () => {
    features.release();
    loaded.release();
    expect((await testContext()).memory.used).toBe(0);
  });
});

describe('PictureJudge at the paper’s size', () => {
  it('judges maps of 64×64 patches by a DINOv2 of 5×5, and tells the object on them', async () => {
    const context = await testContext();
    const before = context.memory.used;
    const golden = fetchFolder(served('/src/testing/golden/'));
    const { encoder, release } = await loadGoldenEncoder(context, golden, 'dinov2/model');
    const { patch, imageSize } = encoder.config;
    const preprocess = {
      ...(await embeddedPreprocess()),
      ...{ resizeShortestEdge: imageSize, cropWidth: imageSize, cropHeight: imageSize },
    };
    const features = new FeatureStore(context, encoder, preprocess);
    const photo: EnginePhoto = { key: 'a', ...patternedThing('rings', 50, 60, 90) };
    const map = { size: 64 * patch, mode: 'reference', frame: 'pad' } as const;
    const maps = new MapMaker(features, [photo]);
    const { values, features: dense } = await maps.similarity('pretrained', photo, map);
    expect(dense.geometry).toMatchObject({ columns: 64, rows: 64 });
    expect(values.every(Number.isFinite)).toBe(true);
    const judge = new PictureJudge(features, maps, [photo]);
    const { dense: judged } = await judge.judge('pretrained', photo, true, { dense: true, map });
    // Ranked by chance, patches would have the object's share as their average precision.
    const share = judged!.truth!.maskArea / (photo.pixels.width * photo.pixels.height);
    expect(judged!.truth!.patchAp!).toBeGreaterThan(2 * share);
    features.release();
    release();
    expect(context.memory.used).toBe(before);
  });
});

/** Preprocessing of the embedded encoder. */
async function embeddedPreprocess() {
  return readPreprocessing(await embeddedCheckpoint(served('/')));
}
