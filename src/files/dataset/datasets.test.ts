import { describe, expect, it } from 'vitest';
import { negativesFor, readDataset } from './readDataset.ts';
import { DatasetError } from './types.ts';

const none = () => {
  throw new Error('no JSON was expected');
};
const files = (entries: Record<string, unknown>) => (path: string) => {
  const value = entries[path];
  if (value instanceof Error) throw value;
  return value;
};

describe('readDataset', () => {
  it('reads the reference layout, masks by stem, class words from names', () => {
    const { subjects, notes, negatives } = readDataset(
      [
        'set/train/dog6/02.jpg',
        'set/train/dog6/00.jpg',
        'set/train_masks/dog6/00.png',
        'set/test/dog6/05.jpg',
        'set/test_masks/dog6/05.png',
        'set/negatives/1.jpg',
        'set/notes.txt',
      ],
      none,
    );
    expect(subjects).toEqual([
      {
        ...{ name: 'dog6', className: 'dog', part: null, testDense: null },
        train: [
          { path: 'set/train/dog6/00.jpg', mask: 'set/train_masks/dog6/00.png', shift: null },
          { path: 'set/train/dog6/02.jpg', mask: null, shift: null },
        ],
        test: [{ path: 'set/test/dog6/05.jpg', mask: 'set/test_masks/dog6/05.png', shift: null }],
      },
    ]);
    expect(negatives).toEqual({ '': ['set/negatives/1.jpg'] });
    expect(notes).toEqual([]);
  });

  it('reads PODS as published: class words, parts, shifts, a dense part of its own, negatives by class', () => {
    const dataset = readDataset(
      [
        'train/mug_1/0.jpg',
        'train_masks/mug_1/0.jpg',
        'test/mug_1/4.jpg',
        'test/mug_1/5.jpg',
        'test_dense/mug_1/5.jpg',
        'test_dense_masks/mug_1/5.jpg',
        'mugs_negatives/0.jpg',
        'pods_info.json',
        'pods_image_annos.json',
      ],
      files({
        'pods_info.json': { class_to_sc: { mug_1: 'mug' }, class_to_split: { mug_1: 'val' } },
        'pods_image_annos.json': {
          'test/mug_1/4.jpg': { class: 'mug_1', split: 'test', test_split: 'pose' },
          '5': { class: 'mug_1', split: 'test', test_split: 'distractors' },
        },
      }),
    );
    const [mug] = dataset.subjects;
    expect(mug).toMatchObject({ className: 'mug', part: 'val' });
    expect(mug!.test.map(({ shift }) => shift)).toEqual(['pose', 'distractors']);
    expect(mug!.testDense).toEqual([
      { path: 'test_dense/mug_1/5.jpg', mask: 'test_dense_masks/mug_1/5.jpg', shift: 'distractors' },
    ]);
    expect(negativesFor(dataset, mug!)).toEqual(['mugs_negatives/0.jpg']);
  });

  it('reads Toybox: shifts by picture, negatives by the class in their names', () => {
    const dataset = readDataset(
      [
        'train/mug-a/00.jpg',
        'test/mug-a/pose-00.jpg',
        'negatives/mug-00.jpg',
        'negatives/dog-00.jpg',
        'toybox.json',
      ],
      files({
        'toybox.json': {
          classes: { 'mug-a': 'mug' },
          images: [{ image: 'test/mug-a/pose-00.jpg', subject: 'mug-a', shift: 'pose' }],
        },
      }),
    );
    expect(dataset.subjects[0]!.test[0]!.shift).toBe('pose');
    expect(negativesFor(dataset, dataset.subjects[0]!)).toEqual(['negatives/mug-00.jpg']);
  });

  it('reads JSON in a folder above train/, whatever the case of its ending', () => {
    const dataset = readDataset(
      ['PODS/data/train/rex/0.jpg', 'PODS/data/test/rex/0.jpg', 'PODS/PODS_info.JSON', 'PODS/toybox.json'],
      files({
        'PODS/PODS_info.JSON': { class_to_sc: { rex: 'dog' }, class_to_split: { rex: 'val' } },
        'PODS/toybox.json': { images: [{ image: 'test/rex/0.jpg', shift: 'pose' }] },
      }),
    );
    expect(dataset.subjects[0]).toMatchObject({ className: 'dog', part: 'val', test: [{ shift: 'pose' }] });
    expect(dataset.notes.join()).not.toContain('not there');
    expect(dataset.leftOut).toEqual([]);
  });

  it('says once what is missing', () => {
    const { notes } = readDataset(['train/a/0.jpg', 'train/b/0.jpg', 'test/a/0.jpg', 'test/c/0.jpg'], none);
    expect(notes).toEqual([
      'c: no training pictures: they only serve as negatives.',
      'b: no test pictures: they are not evaluated.',
      'a, b: no training masks: no detection, no segmentation, no Cut/Paste and no patch term for them.',
      'a, c: no test masks: no detection and no segmentation for them.',
      'There are no negatives: training takes the bundled ones.',
    ]);
  });

  it('names an empty folder and one without training pictures', () => {
    expect(() => readDataset([], none, 'pets')).toThrow(
      new DatasetError(
        'pets is empty. It must hold photos, or train/{subject}/ and test/{subject}/ with photos.',
      ),
    );
    expect(() => readDataset(['test/dog/a.jpg'], none, 'pets')).toThrow('pets has no photos to train on. ');
    expect(() => readDataset(['notes.txt'], none, 'pets')).toThrow('pets has no photos to train on. ');
  });

  it('passes over JSON that is broken, of another form, or tells of pictures that are not there', () => {
    const paths = ['train/a/0.jpg', 'test/a/0.jpg', 'pods_image_annos.json', 'pods_info.json'];
    const broken = readDataset(
      paths,
      files({ 'pods_image_annos.json': new Error('unexpected end'), 'pods_info.json': [1] }),
    );
    expect(broken.notes).toContain('pods_image_annos.json cannot be read and is passed over: unexpected end');
    expect(broken.notes).toContain('pods_info.json is not a JSON object and is passed over.');
    const lying = readDataset(
      paths,
      files({
        'pods_info.json': { class_to_sc: { a: 7 }, class_to_split: 'test' },
        'pods_image_annos.json': { 'x/9': { class: 'ghost', split: 'test', test_split: 'pose' }, y: null },
      }),
    );
    expect(lying.subjects[0]).toMatchObject({ className: 'a', part: null });
    expect(lying.notes.join()).toContain('pods_image_annos.json names');
  });
});
