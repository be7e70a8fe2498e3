import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../images/mask/interpret.ts';
import { importMask } from './import.ts';
import { decodeMaskPng, encodeMaskPng } from './png.ts';
import { resizeMask } from './resize.ts';

type Rgba = [number, number, number, number];

/** A 6 × 4 PNG written by another encoder: `object` on the left third, `background` elsewhere. */
function png(object: Rgba, background: Rgba, options = {}, width = 6, height = 4): Blob {
  const image = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) image.data.set(i % width < width / 3 ? object : background, 4 * i);
  return new Blob([new Uint8Array(PNG.sync.write(image, options))]);
}

const photo = { name: 'dog.jpg', width: 6, height: 4 };
const leftThird = Uint8Array.from({ length: 24 }, (_, i) => (i % 6 < 2 ? 255 : 0));
const black: Rgba = [0, 0, 0, 255];

describe('mask PNGs', () => {
  it('are lossless for any 8-bit values', () => {
    const mask = { width: 16, height: 16, data: Uint8Array.from({ length: 256 }, (_, i) => (i * 77) & 255) };
    expect(decodeMaskPng(encodeMaskPng(mask))).toEqual(mask);
  });
});

describe('importMask', () => {
  it.each([
    ['grey, 0 and 255', png([255, 255, 255, 255], black, { colorType: 0 }), 'grey'],
    ['grey, 0 and 1', png([1, 1, 1, 255], black, { colorType: 0 }), 'grey'],
    ['RGB, white', png([255, 255, 255, 255], black, { colorType: 2 }), 'grey'],
    ['RGB, the dark red of DAVIS', png([128, 0, 0, 255], black, { colorType: 2 }), 'colour'],
    ['a cut-out on transparent', png([90, 80, 10, 255], [90, 80, 10, 0], { colorType: 6 }), 'alpha'],
  ] as const)('reads %s', async (_, file, reading) => {
    const imported = await importMask(file, 'dog.png', photo);
    expect(imported.reading).toBe(reading);
    expect(imported.mask).toEqual({ width: 6, height: 4, data: leftThird });
    expect(imported.notes).toEqual([]);
  });

  it('scales a mask of the same shape and says so', async () => {
    const imported = await importMask(png([255, 255, 255, 255], black, {}, 12, 8), 'dog.png', photo);
    expect(imported.mask.data).toEqual(leftThird);
    expect(imported.notes).toEqual(['mask scaled from 12 × 8 to 6 × 4']);
  });

  it('refuses a mask of another shape and names both sizes', async () => {
    await expect(importMask(png([255, 255, 255, 255], black, {}, 4, 6), 'm.png', photo)).rejects.toThrow(
      'm.png is 4 × 6, but dog.jpg is 6 × 4.',
    );
  });

  it('refuses masks that mark nothing, damaged files and what is no picture, by name', async () => {
    await expect(importMask(png(black, black), 'm.png', photo)).rejects.toThrow('m.png marks nothing.');
    const whole = await png([255, 255, 255, 255], black).bytes();
    await expect(importMask(new Blob([whole.slice(0, 50)]), 'm.png', photo)).rejects.toThrow(
      'm.png cannot be read: it is cut short at byte 50.',
    );
    await expect(
      importMask(new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)]), 'm.png', photo),
    ).rejects.toThrow('m.png is cut short');
    await expect(importMask(new Blob(['hello']), 'm.png', photo)).rejects.toThrow('m.png is not a picture.');
    await expect(importMask(new Blob(['GIF89a']), 'm.png', photo)).rejects.toThrow('m.png is a GIF picture');
    await expect(importMask(new Blob([]), 'm.png', photo)).rejects.toThrow('m.png is empty');
  });

  it('notes a mask that covers everything', async () => {
    const white: Rgba = [255, 255, 255, 255];
    expect((await importMask(png(white, white), 'm.png', photo)).notes).toEqual([
      'the mask covers the whole photo',
    ]);
  });
});

describe('resizeMask', () => {
  it('keeps shares when it doubles', () => {
    const mask = { width: 6, height: 4, data: leftThird };
    const doubled = resizeMask(mask, 12, 8);
    expect(coverage(doubled)).toBeCloseTo(coverage(mask), 12);
    expect([...doubled.data.subarray(0, 12)]).toEqual([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
