import { describe, expect, it } from 'vitest';
import { encodeGreyPng } from '../../images/png/encode.ts';
import { openLibrary } from '../library.ts';
import { MemoryStore } from '../storage/memory.ts';
import { newPhoto } from '../testing/library.ts';
import { addMasks } from './add-masks.ts';

const mask = (name: string, value = 255, width = 8, height = 6) =>
  new File([encodeGreyPng(width, height, new Uint8Array(width * height).fill(value, 10))], name);

describe('addMasks', () => {
  it('finds each mask’s photo by name and names those it cannot take', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const first = await library.photos.add(id, newPhoto('01.jpg'));
    const second = await library.photos.add(id, newPhoto('02.HEIC'));
    const sameName = await library.photos.add(id, newPhoto('01.png', { role: 'test' }));
    const results = await addMasks(library, id, [
      mask('01.png'),
      mask('02_mask.png'),
      mask('01.png'),
      mask('03.png'),
      mask('02.png', 0),
      mask('02.png', 255, 6, 8),
    ]);
    expect(results.map((result) => (result.ok ? result.photo.id : result.reason))).toEqual([
      first.id,
      second.id,
      sameName.id,
      '03.png is the mask of no photo here.',
      '02.png marks nothing.',
      '02.png is 6 × 8, but 02.HEIC is 8 × 6.',
    ]);
    const masks = await library.masks.list(id);
    expect(new Set(masks.map(({ photoId }) => photoId))).toEqual(new Set([first.id, second.id, sameName.id]));
    expect(masks.every(({ source }) => source === 'imported')).toBe(true);
  });

  it('finds photos under the names that masks have in folders', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    for (const name of ['01.jpg', 'IMG_2.JPG', '3.jpg']) await library.photos.add(id, newPhoto(name));
    const results = await addMasks(
      library,
      id,
      ['01.jpg.png', 'img_2_MASK.png', 'mask_3.png'].map((n) => mask(n)),
    );
    expect(results.map((result) => result.ok && result.photo.name)).toEqual(['01.jpg', 'IMG_2.JPG', '3.jpg']);
  });

  it('matches names that macOS and others write differently', async () => {
    const library = await openLibrary({ store: new MemoryStore() });
    const { id } = await library.subjects.create({ name: 'B', className: 'dog' });
    const composed = await library.photos.add(id, newPhoto('Zo\u00eb.jpg'));
    const decomposed = await library.photos.add(id, newPhoto('Jose\u0301.jpg'));
    const results = await addMasks(library, id, [mask('Zoe\u0308_mask.png'), mask('Jos\u00e9.png')]);
    expect(results.map((result) => result.ok && result.photo.id)).toEqual([composed.id, decomposed.id]);
  });
});
