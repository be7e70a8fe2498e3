import { describe, expect, it } from 'vitest';
import { preprocess } from '../../images/preprocess.ts';
import type { PreprocessConfig } from '../../images/preprocessConfig.ts';
import { drawing, pattern } from '../../images/testing.ts';
import type { Mask } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { paperView, preparePhoto } from './paperView.ts';
import { type AugmentSettings, PAPER_AUGMENT } from './settings.ts';

const SIZE = 16;
const CONFIG: PreprocessConfig = {
  resizeShortestEdge: 18,
  resample: 'bicubic',
  cropHeight: SIZE,
  cropWidth: SIZE,
  rescaleFactor: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const STILL: AugmentSettings = {
  ...PAPER_AUGMENT,
  flip: 0,
  rotationDegrees: 0,
  cropArea: [1, 1],
  cropAspect: [1, 1],
};

function leftHalf(width: number, height: number): Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 255 : 0));
  return { width, height, data };
}

describe('preparePhoto', () => {
  it('is the encoder’s preprocessing, with the mask on the same pixels', () => {
    const pixels = pattern(36, 54);
    const { tensor, mask } = preparePhoto(pixels, leftHalf(72, 108), CONFIG);
    expect(tensor).toBeAllclose(preprocess(pixels, CONFIG));
    expect(drawing({ width: SIZE, height: SIZE, data: Uint8Array.from(mask!) })).toEqual(
      Array.from({ length: SIZE }, () => '########........'),
    );
    expect(preparePhoto(pixels, undefined, CONFIG).mask).toBeUndefined();
  });
});

describe('paperView', () => {
  const photo = preparePhoto(pattern(36, 54), leftHalf(36, 54), CONFIG);

  it('changes nothing when nothing may change', () => {
    const view = paperView(photo, SIZE, STILL, new Philox(1));
    expect(view.tensor).toBeAllclose(photo.tensor);
    expect(view.mask).toEqual(photo.mask);
  });

  it('mirrors image and mask', () => {
    const view = paperView(photo, SIZE, { ...STILL, flip: 1 }, new Philox(1));
    const mirror = (plane: Float32Array, i: number) => plane[i + SIZE - 1 - 2 * (i % SIZE)]!;
    expect(view.tensor).toBeAllclose(photo.tensor.map((_, i) => mirror(photo.tensor, i)));
    expect(view.mask).toEqual(photo.mask!.map((_, i) => mirror(photo.mask!, i)));
  });

  it('turns by nearest pixels: every value is one of the photo’s, or 0 where nothing was', () => {
    const known = new Set(photo.tensor);
    let turned = 0;
    for (let seed = 0; seed < 20; seed++) {
      const view = paperView(photo, SIZE, { ...STILL, rotationDegrees: 30 }, new Philox(seed));
      for (let i = 0; i < SIZE * SIZE; i++) {
        const outside = view.mask![i] === -1;
        if (outside) expect([0, 1, 2].map((c) => view.tensor[c * SIZE * SIZE + i])).toEqual([0, 0, 0]);
        else expect(known.has(view.tensor[i]!)).toBe(true);
        if (outside) turned++;
      }
    }
    expect(turned).toBeGreaterThan(100);
  });

  it('turns about the middle: a quarter of a turn moves columns into rows', () => {
    const random = Object.assign(Object.create(Philox.prototype), {
      chance: () => false,
      uniform: (_: number, high: number) => high,
      int: () => 0,
    }) as Philox;
    const view = paperView(photo, SIZE, { ...STILL, rotationDegrees: 90 }, random);
    const expected = photo.tensor.map((_, i) => {
      const [c, row, column] = [Math.floor(i / 256), Math.floor((i % 256) / 16), i % 16];
      return photo.tensor[c * 256 + column * 16 + (15 - row)]!;
    });
    expect(view.tensor).toBeAllclose(expected);
  });

  it('is the same for the same generator and differs for another', () => {
    const draw = (seed: number) => paperView(photo, SIZE, PAPER_AUGMENT, new Philox(seed));
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5).tensor).not.toEqual(draw(6).tensor);
  });

  it('flips half the time, turns within 10 degrees and keeps colours', () => {
    expect(PAPER_AUGMENT).toEqual({
      method: 'paper',
      flip: 0.5,
      rotationDegrees: 10,
      cropArea: [0.8, 1],
      cropAspect: [3 / 4, 4 / 3],
      colorJitter: null,
      minObject: 0,
    });
    let flipped = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { mask } = paperView(photo, SIZE, PAPER_AUGMENT, new Philox(9).split(`${seed}`));
      if (mask![8 * SIZE + 2] !== 255) flipped++;
    }
    expect(flipped).toBeGreaterThan(160);
    expect(flipped).toBeLessThan(240);
  });
});
