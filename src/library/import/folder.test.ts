import { describe, expect, it } from 'vitest';
import { STRAY_MASK } from '../../files/dataset/pairMasks.ts';
import { filesFromClipboard } from './clipboard.ts';
import { openFolder, sharedItems, subjectItems } from './folder.ts';
import type { PhotoItem } from './into-library.ts';

const at = (path: string) =>
  Object.assign(new File(['x'], path.split('/').at(-1)!), {
    relativePath: path.includes('/') ? path : undefined,
  });

/** "subject: role file+mask …", so that plans are read at a glance. */
async function summary(paths: string[]) {
  const folder = await openFolder(paths.map(at));
  const photo = ({ role, file, mask }: PhotoItem) => `${role} ${file.name}${mask ? ` + ${mask.name}` : ''}`;
  const { subjects, leftOut } = folder.dataset;
  return {
    ...Object.fromEntries(subjects.map((one) => [one.name, subjectItems(folder, one).map(photo)])),
    shared: sharedItems(folder).map(photo),
    stray: leftOut.filter(({ reason }) => reason === STRAY_MASK).map(({ path }) => path),
  };
}

describe('openFolder', () => {
  it('reads a data set: role, then subject', async () => {
    const paths = [
      'set/train/dog/00.jpg',
      'set/train/dog/01.jpg',
      'set/train/mug/00.jpg',
      'set/train_masks/dog/00.png',
      'set/test/dog/00.jpg',
      'set/test_masks/dog/00.png',
      'set/negatives/a.jpg',
      'set/backgrounds/b.jpg',
      'set/.DS_Store',
      'set/train/dog/._00.jpg',
      'set/train/dog/Thumbs.db',
    ];
    expect(await summary(paths)).toEqual({
      dog: ['train 00.jpg + 00.png', 'train 01.jpg', 'test 00.jpg + 00.png'],
      mug: ['train 00.jpg'],
      shared: ['negative a.jpg', 'background b.jpg'],
      stray: [],
    });
  });

  it('reads one subject: subject, then role', async () => {
    expect(
      await summary([
        '/biscuit/train/1.jpg',
        '/biscuit/train_masks/1.png',
        '/biscuit/test/1.jpg',
        '/biscuit/test_masks/2.png',
      ]),
    ).toEqual({
      biscuit: ['train 1.jpg + 1.png', 'test 1.jpg'],
      shared: [],
      stray: ['test_masks/2.png'],
    });
  });

  it('takes plain folders and single files for training photos', async () => {
    expect(await summary(['holiday/a.jpg', 'holiday/b.heic', 'holiday/masks/a.png'])).toEqual({
      holiday: ['train a.jpg + a.png', 'train b.heic'],
      shared: [],
      stray: [],
    });
    expect(await summary(['a.jpg', 'a_mask.png', 'lone_mask.png'])).toEqual({
      'this folder': ['train a.jpg + a_mask.png', 'train lone_mask.png'],
      shared: [],
      stray: [],
    });
  });

  it('knows what a folder holds that was chosen by itself', async () => {
    expect(await summary(['negatives/a.jpg'])).toEqual({ shared: ['negative a.jpg'], stray: [] });
    expect(await summary(['masks/a.png'])).toEqual({ shared: [], stray: ['a.png'] });
    expect(await summary(['train/dog/a.jpg', 'train/cat/a.jpg'])).toEqual({
      ...{ cat: ['train a.jpg'], dog: ['train a.jpg'], shared: [], stray: [] },
    });
  });

  it('is not confused by folder names that mean something else', async () => {
    expect(await summary(['constructor/a.jpg', 'trains/b.jpg', 'my_masks/c.jpg'])).toEqual({
      constructor: ['train a.jpg'],
      trains: ['train b.jpg'],
      my_masks: ['train c.jpg'],
      shared: [],
      stray: [],
    });
  });

  it('prefers the path of a folder picker', async () => {
    const file = at('1.jpg');
    Object.defineProperty(file, 'webkitRelativePath', { value: 'dog/test/1.jpg' });
    const folder = await openFolder([file]);
    const [dog] = folder.dataset.subjects;
    expect(dog!.name).toBe('dog');
    expect(subjectItems(folder, dog!)).toEqual([{ file, role: 'test' }]);
  });
});

describe('filesFromClipboard', () => {
  it('takes files only and numbers nameless bitmaps', () => {
    const item = (file: File | null) => ({ kind: file ? 'file' : 'string', getAsFile: () => file });
    const items = [
      item(new File(['1'], 'image.png')),
      item(null),
      item(new File(['2'], 'dog.jpg')),
      item(new File(['3'], 'image.png')),
    ];
    const names = filesFromClipboard({ items } as unknown as DataTransfer, 4).map(({ name }) => name);
    expect(names).toEqual(['Pasted 4.png', 'dog.jpg', 'Pasted 5.png']);
    expect(filesFromClipboard(null)).toEqual([]);
  });
});
