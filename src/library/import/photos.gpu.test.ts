import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../images/decode/decode.ts';
import { jpegSegments, quadrantCanvas, readQuadrants, withExif } from '../../images/decode/testing.ts';
import { coverage } from '../../images/mask/interpret.ts';
import { encodeGreyPng } from '../../images/png/encode.ts';
import { openLibrary } from '../library.ts';
import { QuotaError } from '../storage/errors.ts';
import { MemoryStore } from '../storage/memory.ts';
import { failingStore, freshLibrary, newPhoto } from '../testing/library.ts';
import type { PhotoRole } from '../types.ts';
import { openFolder, subjectItems } from './folder.ts';
import { contentHash } from './hash.ts';
import { addPhotos, type PhotoItem } from './into-library.ts';
import { importPhotos } from './photos.ts';

const SECRET = 'Secret camera at 52.5 N';

/** A picture unlike all others with another seed: coloured rectangles. */
async function picture(seed: number, type = 'image/jpeg', width = 96, height = 72): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = 'rgb(120 110 90)';
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 60; i++) {
    const hash = Math.imul(seed * 131 + i + 7, 2654435761) >>> 0;
    context.fillStyle = `rgb(${hash & 255} ${(hash >> 8) & 255} ${(hash >> 16) & 255})`;
    context.fillRect(
      ((hash >> 3) % 89) * (width / 96),
      ((hash >> 11) % 65) * (height / 72),
      width / 4,
      height / 4,
    );
  }
  return canvas.convertToBlob({ type, quality: 0.95 });
}

const file = async (name: string, blob: Blob | Promise<Blob>) => new File([await blob], name);
const exifJpeg = async (seed: number, orientation: number) =>
  new Blob([withExif(await (await picture(seed)).bytes(), orientation, SECRET)]);

const as = (files: File[], role: PhotoRole = 'train', fields: Partial<PhotoItem> = {}): PhotoItem[] =>
  files.map((each) => ({ file: each, role, ...fields }));

describe('importPhotos', () => {
  it('takes the good, names the bad, in order', async () => {
    const jpeg = await (await picture(1)).bytes();
    const files = [
      await file('good.jpg', picture(1)),
      await file('empty.jpg', new Blob([])),
      await file('cut.jpg', new Blob([jpeg.slice(0, jpeg.length / 2)])),
      await file('letter.jpg', new Blob(['Dear all, this is not a picture.'])),
      await file('good.png', picture(2, 'image/png')),
      await file('again.webp', picture(3, 'image/webp')),
    ];
    const progress: string[] = [];
    const results = await importPhotos(files, {
      onProgress: ({ done, total, fileName }) => progress.push(`${done}/${total} ${fileName}`),
    });
    expect(results.map(({ ok, fileName }) => `${fileName} ${ok}`)).toEqual([
      'good.jpg true',
      'empty.jpg false',
      'cut.jpg false',
      'letter.jpg false',
      'good.png true',
      'again.webp true',
    ]);
    for (const result of results) {
      if (result.ok) continue;
      expect(result.reason).toContain(result.fileName);
      expect(result.remedy.length).toBeGreaterThan(10);
    }
    expect(progress).toEqual([
      '0/6 good.jpg',
      '1/6 empty.jpg',
      '2/6 cut.jpg',
      '3/6 letter.jpg',
      '4/6 good.png',
      '5/6 again.webp',
      '6/6 ',
    ]);
  });

  it('stores upright pictures of bearable size without metadata', async () => {
    const jpeg = await (
      await quadrantCanvas(2600, 1300).convertToBlob({ type: 'image/jpeg', quality: 0.9 })
    ).bytes();
    const [result] = await importPhotos([await file('phone.jpg', new Blob([withExif(jpeg, 6, SECRET)]))]);
    if (!result?.ok) throw new Error(result?.reason);
    expect(result.photo).toMatchObject({ name: 'phone.jpg', width: 1024, height: 2048, type: 'image/jpeg' });
    expect(result.notes).toEqual(['scaled from 1300 × 2600 to 1024 × 2048']);
    const stored = await result.photo.blob.bytes();
    expect(new TextDecoder('latin1').decode(stored)).not.toContain('Secret');
    expect(jpegSegments(stored)).not.toContain('e1');
    const { pixels } = await decodeImage(result.photo.blob, 'stored');
    expect([pixels.width, pixels.height]).toEqual([1024, 2048]);
    expect(readQuadrants(pixels)).toEqual(['blue', 'red', 'yellow', 'green']);
  });

  it('skips the same picture and notes nearly the same, whatever the file', async () => {
    const png = await picture(5, 'image/png');
    const webpOfPng = await (async () => {
      const bitmap = await createImageBitmap(png);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
      return canvas.convertToBlob({ type: 'image/webp', quality: 0.7 });
    })();
    const results = await importPhotos([
      await file('first.png', png),
      await file('copy.png', png),
      await file('turned-tag.jpg', exifJpeg(6, 1)),
      await file('no-tag.jpg', picture(6)),
      await file('compressed.webp', webpOfPng),
    ]);
    expect(results.map((result) => (result.ok ? (result.nearDuplicateOf ?? 'new') : result.kind))).toEqual([
      'new',
      'duplicate',
      'new',
      'duplicate',
      'first.png',
    ]);
    expect(results[1]).toMatchObject({ reason: 'copy.png is the same picture as first.png.' });
    expect(results[4]).toMatchObject({ notes: ['nearly the same picture as first.png'] });
  });

  it('takes a cut-out’s transparency for its mask', async () => {
    const canvas = new OffscreenCanvas(40, 30);
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'rgb(200 30 30)';
    context.fillRect(10, 0, 20, 30);
    const [result] = await importPhotos([await file('cut.png', canvas.convertToBlob())]);
    if (!result?.ok) throw new Error(result?.reason);
    expect(coverage(result.mask!)).toBe(0.5);
    const { pixels } = await decodeImage(result.photo.blob, 'stored');
    expect([...pixels.data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
    expect([...pixels.data.subarray(80, 84)]).toEqual([200, 30, 30, 255]);
    expect(result.photo.contentHash).toBe(await contentHash(pixels));
  });

  it('stops when told to and says what was not read', async () => {
    const controller = new AbortController();
    const files = [
      await file('a.jpg', picture(1)),
      await file('b.jpg', picture(2)),
      await file('c.jpg', picture(3)),
    ];
    const results = await importPhotos(files, {
      signal: controller.signal,
      onResult: () => controller.abort(),
    });
    expect(results.map((result) => (result.ok ? 'ok' : result.kind))).toEqual([
      'ok',
      'cancelled',
      'cancelled',
    ]);
  });
});

describe('addPhotos', () => {
  it('stores in real IndexedDB and knows duplicates of earlier days', async () => {
    const { library } = await freshLibrary();
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const files = [await file('a.jpg', picture(1)), await file('b.png', picture(2, 'image/png'))];
    const added = await addPhotos(library, id, as(files, 'test', { shift: 'pose', isSubject: true }));
    expect(added.map(({ ok }) => ok)).toEqual([true, true]);
    const stored = await library.photos.list(id, 'test');
    expect(stored).toMatchObject([
      { name: 'a.jpg', shift: 'pose', isSubject: true, width: 96, height: 72 },
      { name: 'b.png', type: 'image/png' },
    ]);
    const { pixels } = await decodeImage(await library.photos.blob(stored[1]!), 'b.png');
    expect(await contentHash(pixels)).toBe(stored[1]!.contentHash);
    const again = await addPhotos(library, id, as(files));
    expect(again).toMatchObject([
      { ok: false, kind: 'duplicate' },
      { ok: false, kind: 'duplicate' },
    ]);
    await library.subjects.delete(id);
  });

  it('refuses the photo after the hundredth, by name', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const spread = (i: number) =>
      Math.imul(i + 1, 2654435761)
        .toString(16)
        .padStart(16, '0')
        .slice(-16);
    for (let i = 0; i < 99; i++) {
      await library.photos.add(id, newPhoto(`${i}.jpg`, { perceptualHash: spread(i) }));
    }
    const results = await addPhotos(
      library,
      id,
      as([await file('x.jpg', picture(1)), await file('y.jpg', picture(2))]),
    );
    expect(results).toMatchObject([
      { ok: true },
      { ok: false, reason: 'y.jpg is one too many: a subject has at most 100 training photos.' },
    ]);
    expect(await library.photos.list(id)).toHaveLength(100);
  });

  it('reports a full disk for the file that did not fit and keeps the rest', async () => {
    let writes = 0;
    const store = failingStore(new MemoryStore(), () => ++writes === 3, new QuotaError(5e6, 1e6));
    const library = await openLibrary({ store });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const files = [
      await file('a.jpg', picture(1)),
      await file('b.jpg', picture(2)),
      await file('c.jpg', picture(3)),
    ];
    const results = await addPhotos(library, id, as(files));
    expect(results.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(results[1]).toMatchObject({
      reason: expect.stringContaining('b.jpg was not stored. The browser has no room'),
    });
    expect((await library.photos.list(id)).map(({ name }) => name)).toEqual(['a.jpg', 'c.jpg']);
  });

  it('takes a folder with its masks, and notes a mask that does not fit', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const at = async (path: string, content: Blob | Promise<Blob>) =>
      Object.assign(await file(path.split('/').at(-1)!, content), { relativePath: path });
    const half = (width: number, height: number) =>
      new Blob([
        encodeGreyPng(width, height, new Uint8Array(width * height).fill(255, (width * height) / 2)),
      ]);
    const folder = await openFolder([
      await at('set/train/dog/00.jpg', picture(1)),
      await at('set/train/dog/01.jpg', picture(2)),
      await at('set/test/dog/00.jpg', picture(3)),
      await at('set/train_masks/dog/00.png', half(96, 72)),
      await at('set/train_masks/dog/01.png', half(50, 50)),
      await at('set/test_masks/dog/00.png', half(192, 144)),
    ]);
    const results = await addPhotos(library, id, subjectItems(folder, folder.dataset.subjects[0]!));
    expect(results.map((result) => result.ok && result.notes)).toEqual([
      [],
      [
        'its mask was left out: 01.png is 50 × 50, but 01.jpg is 96 × 72. ' +
          'Draw the mask on the photo as it is shown here, upright and uncropped.',
      ],
      ['mask scaled from 192 × 144 to 96 × 72'],
    ]);
    expect(results.map((result) => result.ok && (result.maskProblem?.split(',')[0] ?? 'taken'))).toEqual([
      'taken',
      '01.png is 50 × 50',
      'taken',
    ]);
    const [train] = await library.photos.list(id, 'train');
    const [test] = await library.photos.list(id, 'test');
    expect(coverage((await library.masks.get(train!))!)).toBe(0.5);
    expect(coverage((await library.masks.get(test!))!)).toBe(0.5);
    expect(await library.masks.list(id)).toHaveLength(2);
  });
});
