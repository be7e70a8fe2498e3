import { describe, expect, it } from 'vitest';
import { encodeGreyPng } from '../../images/png/encode.ts';
import { PictureStore } from './pictures.ts';

/** A JPEG of noise, which no encoder makes small. */
async function noisyJpeg(side: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(side, side);
  image.data.forEach((_, i) => {
    image.data[i] = i % 4 === 3 ? 255 : (i * 7919) % 251;
  });
  context.putImageData(image, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
}

const mask = (width: number, height: number) =>
  encodeGreyPng(width, height, new Uint8Array(width * height).fill(255));

/** A store over files in memory; a name without a file is not there. */
function storeOf(files: Record<string, Uint8Array<ArrayBuffer>>) {
  const urls = new Map(
    Object.entries(files).map(([name, bytes]) => [name, URL.createObjectURL(new Blob([bytes]))]),
  );
  const problems: string[] = [];
  const store = new PictureStore(
    (path) => urls.get(path) ?? '/there-is-no-such-file.jpg',
    (problem) => problems.push(problem),
  );
  return { store, problems };
}

describe('PictureStore', () => {
  it('decodes a picture with its mask, of another resolution too', async () => {
    const { store, problems } = storeOf({ 'a.jpg': await noisyJpeg(48), 'a.png': mask(24, 24) });
    const photo = await store.get({ path: 'a.jpg', mask: 'a.png' });
    expect(photo!.pixels.width).toBe(48);
    expect(photo!.mask!.data.every((value) => value === 255)).toBe(true);
    expect(await store.get({ path: 'a.jpg', mask: 'a.png' })).toBe(photo);
    expect(problems).toEqual([]);
  });

  it('names a damaged picture once and goes on', async () => {
    const whole = await noisyJpeg(48);
    const { store, problems } = storeOf({
      'cut.jpg': whole.slice(0, 40),
      'text.jpg': new TextEncoder().encode('no picture'),
      'ok.jpg': whole,
    });
    const pictures = ['cut.jpg', 'text.jpg', 'ok.jpg', 'gone.jpg'].map((path) => ({ path, mask: null }));
    expect((await store.all(pictures)).map(({ key }) => key)).toEqual(['ok.jpg']);
    await store.all(pictures);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['cut.jpg', 'text.jpg', 'gone.jpg']);
  });

  it('names a JPEG that breaks off in the middle', async () => {
    const whole = await noisyJpeg(320);
    const { store, problems } = storeOf({ 'half.jpg': whole.slice(0, whole.length / 2), 'ok.jpg': whole });
    const pictures = ['half.jpg', 'ok.jpg'].map((path) => ({ path, mask: null }));
    expect((await store.all(pictures)).map(({ key }) => key)).toEqual(['ok.jpg']);
    expect(problems).toEqual([expect.stringContaining('half.jpg is left out')]);
  });

  it('leaves a mask of another shape out, and one that is no picture', async () => {
    const jpeg = await noisyJpeg(48);
    const { store, problems } = storeOf({
      'a.jpg': jpeg,
      'b.jpg': jpeg,
      'wide.png': mask(48, 24),
      'bad.png': jpeg.slice(0, 9),
    });
    expect((await store.get({ path: 'a.jpg', mask: 'wide.png' }))!.mask).toBeUndefined();
    expect((await store.get({ path: 'b.jpg', mask: 'bad.png' }))!.mask).toBeUndefined();
    expect(problems[0]).toContain('wide.png is left out: it is 48 × 24, but a.jpg is 48 × 48. ');
    expect(problems[1]).toContain('bad.png is left out');
  });

  it('takes a JPEG mask by its middle, as its zeros are not exact', async () => {
    const canvas = new OffscreenCanvas(16, 16);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#060606';
    context.fillRect(0, 0, 8, 16);
    context.fillStyle = '#f8f8f8';
    context.fillRect(8, 0, 8, 16);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    const { store } = storeOf({
      'a.jpg': await noisyJpeg(16),
      'm.jpg': new Uint8Array(await blob.arrayBuffer()),
    });
    const { mask: read } = (await store.get({ path: 'a.jpg', mask: 'm.jpg' }))!;
    const row = Array.from({ length: 16 }, (_, x) => (x < 8 ? 0 : 255));
    expect([...read!.data]).toEqual(Array.from({ length: 16 }, () => row).flat());
  });
});
