import { describe, expect, it } from 'vitest';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import { pattern } from '../../images/testing.ts';
import type { Mask } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { type AugmentSettings, PAPER_AUGMENT, STRONG_AUGMENT } from './settings.ts';
import { patchCoverage, ViewSource } from './view.ts';
import { viewPixels } from './viewPixels.ts';

const CONFIG: PreprocessConfig = {
  resizeShortestEdge: 36,
  resample: 'bicubic',
  cropHeight: 32,
  cropWidth: 32,
  rescaleFactor: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const PATCH = 8;

/** A small object in the corner of a photo of 80×60. */
function corner(): Mask {
  const data = Uint8Array.from({ length: 80 * 60 }, (_, i) => (i % 80 >= 60 && i < 80 * 20 ? 255 : 0));
  return { width: 80, height: 60, data };
}

const source = (mask?: Mask) => new ViewSource(pattern(80, 60), mask, CONFIG, PATCH);
const sum = (values: Float32Array) => values.reduce((total, value) => total + Math.max(0, value), 0);

describe('ViewSource', () => {
  it.each([
    ['paper', PAPER_AUGMENT],
    ['photo', STRONG_AUGMENT],
  ])('%s: is decided by the generator alone, whatever was drawn before', (_, settings) => {
    const a = source(corner());
    const b = source(corner());
    for (let seed = 0; seed < 3; seed++) b.draw(settings, new Philox(seed));
    const view = a.draw(settings, new Philox(7));
    expect(view.tensor.length).toBe(3 * 32 * 32);
    expect(view.coverage!.length).toBe(16);
    expect(view.tensor.every(Number.isFinite)).toBe(true);
    expect(b.draw(settings, new Philox(7))).toEqual(view);
    expect(b.draw(settings, new Philox(8)).tensor).not.toEqual(view.tensor);
  });

  it('has no coverage without a mask', () => {
    for (const settings of [PAPER_AUGMENT, STRONG_AUGMENT]) {
      expect(source().draw(settings, new Philox(1)).coverage).toBeUndefined();
    }
  });

  it('says of an empty mask that there is no object, and of a whole one that all is', () => {
    const uniform = (value: number): Mask => ({
      width: 80,
      height: 60,
      data: new Uint8Array(4800).fill(value),
    });
    const still: AugmentSettings = { ...STRONG_AUGMENT, rotationDegrees: 0 };
    expect(source(uniform(0)).draw(still, new Philox(1)).coverage).toEqual(new Float32Array(16));
    expect(source(uniform(255)).draw(still, new Philox(1)).coverage).toEqual(new Float32Array(16).fill(1));
  });

  it('draws crops again until enough of the object is in', () => {
    const photo = source(corner());
    const empty = (minObject: number) => {
      let count = 0;
      for (let seed = 0; seed < 200; seed++) {
        const settings = { ...STRONG_AUGMENT, minObject };
        if (sum(photo.draw(settings, new Philox(seed)).coverage!) === 0) count++;
      }
      return count;
    };
    expect(empty(0)).toBeGreaterThan(40);
    expect(empty(0.3)).toBeLessThan(4);
  });

  it('normalizes as the encoder wants: the whole photo, unmoved, looks like itself', () => {
    const still: AugmentSettings = {
      ...STRONG_AUGMENT,
      flip: 0,
      rotationDegrees: 0,
      cropArea: [1, 1],
      cropAspect: [1, 1],
      colorJitter: null,
      minObject: 0,
    };
    const pixels = pattern(32, 32);
    const view = new ViewSource(pixels, undefined, CONFIG, PATCH).draw(still, new Philox(1));
    expect(viewPixels(view.tensor, 32, CONFIG).data).toBeAllclose(pixels.data, { atol: 1 });
  });
});

describe('patchCoverage', () => {
  it('is the object’s share of what lies inside, −1 where most lies outside', () => {
    const mask = new Float32Array(16);
    mask.set([255, 255, -1, -1]);
    mask.set([255, 0, -1, 0], 4);
    mask.set([-1, -1, 255, 255], 8);
    mask.set([0, 0, 255, 255], 12);
    expect([...patchCoverage(mask, 4, 2)]).toEqual([0.75, -1, 0, 1]);
  });
});

describe('augmentation settings', () => {
  it('survive JSON', () => {
    for (const settings of [PAPER_AUGMENT, STRONG_AUGMENT]) {
      expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
    }
  });
});
