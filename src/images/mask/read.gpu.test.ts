import { describe, expect, it } from 'vitest';
import { jpegWithExif, webpWithExif, writeExif } from '../decode/exif-testing.ts';
import { isLossless } from '../decode/lossless.ts';
import { coverage } from './interpret.ts';
import { readMask } from './read.ts';

const [WIDTH, HEIGHT] = [64, 48];

/** A canvas of one colour with a rectangle of another at the top left, a quarter of the picture. */
function canvasOf(background: string, object: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d')!;
  context.fillStyle = background;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.clearRect(0, 0, WIDTH / 2, HEIGHT / 2);
  context.fillStyle = object;
  context.fillRect(0, 0, WIDTH / 2, HEIGHT / 2);
  return canvas;
}

const encode = async (canvas: OffscreenCanvas, type: string, quality = 0.8) =>
  (await canvas.convertToBlob({ type, quality })).bytes();

describe('readMask of formats that a browser decodes', () => {
  it.each([
    ['image/jpeg', '#000', '#fff'],
    ['image/jpeg', '#060606', '#f0f0f0'],
    ['image/jpeg', '#000', 'rgb(128 0 0)'],
    ['image/jpeg', '#000', 'rgb(60 60 60)'],
    ['image/webp', '#000', '#fff'],
    ['image/webp', 'transparent', '#fff'],
    ['image/webp', 'transparent', 'rgb(200 30 30)'],
  ])('%s, %s and %s', async (type, background, object) => {
    const { mask } = await readMask(new Blob([await encode(canvasOf(background, object), type)]), 'm.png');
    expect([mask.width, mask.height]).toEqual([WIDTH, HEIGHT]);
    expect(coverage(mask)).toBeCloseTo(0.25, 2);
    expect(mask.data[WIDTH * 5 + 5]).toBe(255);
    expect(mask.data[WIDTH * 40 + 60]).toBe(0);
  });

  it('reads labels of 1 in a lossless WebP, and none in a lossy file', async () => {
    const canvas = canvasOf('#000', 'rgb(1 1 1)');
    const webp = await encode(canvas, 'image/webp', 1);
    expect(isLossless(webp, 'webp')).toBe(true);
    expect(isLossless(await encode(canvas, 'image/webp', 0.5), 'webp')).toBe(false);
    expect(coverage((await readMask(new Blob([webp]), 'm.webp')).mask)).toBe(0.25);
    const dark = await encode(canvasOf('#000', 'rgb(20 20 20)'), 'image/jpeg');
    await expect(readMask(new Blob([dark]), 'm.jpg')).rejects.toThrow('m.jpg marks nothing.');
  });

  it('turns a mask as its file says', async () => {
    const exif = writeExif({ orientation: 6 });
    const canvas = canvasOf('#000', '#fff');
    const jpeg = jpegWithExif(await encode(canvas, 'image/jpeg'), exif);
    const webp = webpWithExif(await encode(canvas, 'image/webp'), exif, WIDTH, HEIGHT);
    for (const file of [jpeg, webp]) {
      const { mask } = await readMask(new Blob([file]), 'm');
      expect([mask.width, mask.height]).toEqual([HEIGHT, WIDTH]);
      expect(mask.data[HEIGHT * 5 + HEIGHT - 6]).toBe(255);
      expect(mask.data[HEIGHT * 5 + 5]).toBe(0);
    }
  });
});
