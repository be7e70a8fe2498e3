import { describe, expect, it } from 'vitest';
import { tellLeftOut } from '../leftOut.ts';
import { readFolder } from './readDataset.ts';
import type { DatasetPicture } from './types.ts';

/** "subject: picture + mask …", so that a folder is read at a glance. */
function summary(paths: string[], name = 'pets') {
  const { subjects, negatives, backgrounds, leftOut } = readFolder(
    paths,
    () => {
      throw new Error('no JSON was expected');
    },
    name,
  );
  const show = ({ path, mask }: DatasetPicture) => (mask ? `${path} + ${mask}` : path);
  return {
    ...Object.fromEntries(
      subjects.flatMap(({ name: subject, train, test }) => [
        [subject, train.map(show)],
        ...(test.length ? [[`${subject} (test)`, test.map(show)]] : []),
      ]),
    ),
    ...(Object.keys(negatives).length ? { negatives: Object.values(negatives).flat() } : {}),
    ...(backgrounds.length ? { backgrounds } : {}),
    ...(leftOut.length ? { leftOut: tellLeftOut(leftOut) } : {}),
  };
}

describe('folders that people have', () => {
  it('DAVIS: sequences with their annotations, one size of each frame', () => {
    expect(
      summary([
        'JPEGImages/480p/dog/00000.jpg',
        'JPEGImages/480p/bear/00000.jpg',
        'JPEGImages/Full-Resolution/dog/00000.jpg',
        'Annotations/480p/dog/00000.png',
        'Annotations/Full-Resolution/dog/00000.png',
        'ImageSets/2017/train.txt',
      ]),
    ).toEqual({
      bear: ['JPEGImages/480p/bear/00000.jpg'],
      dog: ['JPEGImages/480p/dog/00000.jpg + Annotations/480p/dog/00000.png'],
      leftOut: [
        'ImageSets/2017/train.txt is left out: not a picture.',
        'Annotations/Full-Resolution/dog/00000.png, JPEGImages/Full-Resolution/dog/00000.jpg are left out: the same pictures are there as 480p.',
      ],
    });
  });

  it('VOC and its like: pictures and masks in two folders', () => {
    expect(
      summary(['JPEGImages/0.jpg', 'SegmentationClass/0.png', 'Annotations/0.xml'], 'VOC2012'),
    ).toMatchObject({ VOC2012: ['JPEGImages/0.jpg + SegmentationClass/0.png'] });
    expect(
      summary([
        'images/Abyssinian_1.jpg',
        'annotations/trimaps/Abyssinian_1.png',
        'annotations/trimaps/._Abyssinian_1.png',
      ]),
    ).toEqual({
      pets: ['images/Abyssinian_1.jpg + annotations/trimaps/Abyssinian_1.png'],
      leftOut: ['annotations/trimaps/._Abyssinian_1.png is left out: put there by the system or a program.'],
    });
    expect(summary(['images/rex/1.jpg', 'images/tom/1.jpg', 'masks/rex/1.png', 'masks/tom/1.png'])).toEqual({
      rex: ['images/rex/1.jpg + masks/rex/1.png'],
      tom: ['images/tom/1.jpg + masks/tom/1.png'],
    });
    expect(
      summary(['rex/images/1.jpg', 'rex/masks/1.jpg.png', 'tom/images/1.jpg', 'tom/masks/1_mask.png']),
    ).toEqual({
      rex: ['rex/images/1.jpg + rex/masks/1.jpg.png'],
      tom: ['tom/images/1.jpg + tom/masks/1_mask.png'],
    });
    expect(summary(['train/JPEGImages/a1/0.jpg', 'train/Annotations/a1/0.png'])).toEqual({
      a1: ['train/JPEGImages/a1/0.jpg + train/Annotations/a1/0.png'],
    });
  });

  it('takes a folder for one of masks only where they are masks of something', () => {
    expect(summary(['labels/1.jpg', 'dog/2.jpg'])).toEqual({ dog: ['dog/2.jpg'], labels: ['labels/1.jpg'] });
    expect(summary(['dog/1.jpg', 'dog/labels/1.png', 'dog/photos/2.jpg'])).toEqual({
      dog: ['dog/1.jpg + dog/labels/1.png', 'dog/photos/2.jpg'],
    });
    expect(summary(['photos/1.jpg', 'photos/2.jpg'])).toEqual({ photos: ['photos/1.jpg', 'photos/2.jpg'] });
  });

  it('masks in folders that say more, and names that begin with it', () => {
    expect(
      summary(
        [
          ...['JPEGImages/480p/dog/0.jpg', 'Annotations_semantics/480p/dog/0.png'],
          ...['JPEGImages/1080p/dog/0.jpg', 'JPEGImages/1080p/cat/0.jpg'],
        ],
        'DAVIS',
      ),
    ).toEqual({
      cat: ['JPEGImages/1080p/cat/0.jpg'],
      dog: ['JPEGImages/480p/dog/0.jpg + Annotations_semantics/480p/dog/0.png'],
      leftOut: ['JPEGImages/1080p/dog/0.jpg is left out: the same pictures are there as 480p.'],
    });
    expect(summary(['hen/a.jpg', 'hen_masks/a.png', 'emu/a.jpg', 'emu/mask_images/a.png'])).toEqual({
      emu: ['emu/a.jpg + emu/mask_images/a.png'],
      hen: ['hen/a.jpg + hen_masks/a.png'],
    });
    expect(summary(['dog/a.jpg', 'dog mask/a.jpg', 'cat/b.jpg', 'cat_masks/c.jpg'])).toMatchObject({
      ...{ dog: ['dog/a.jpg'], 'dog mask': ['dog mask/a.jpg'], cat_masks: ['cat_masks/c.jpg'] },
    });
    expect(
      summary(
        ['a.jpg', 'mask_a.png', 'b.jpg', 'b.jpg_mask.png', 'c.jpg', 'c-masklabel.png', 'mask_d.png'],
        'x',
      ),
    ).toEqual({
      x: ['a.jpg + mask_a.png', 'b.jpg + b.jpg_mask.png', 'c.jpg + c-masklabel.png', 'mask_d.png'],
    });
  });

  it('leaves out what is neither photo nor mask beside masks', () => {
    const reason = 'neither photo nor mask, by the name of its folder.';
    expect(
      summary(['car/7/images/1.jpg', 'car/7/masks/1.png', 'car/7/depth_masks/1.png', 'car/frames.jgz']),
    ).toEqual({
      7: ['car/7/images/1.jpg + car/7/masks/1.png'],
      leftOut: [
        'car/frames.jgz is left out: not a picture.',
        `car/7/depth_masks/1.png is left out: ${reason}`,
      ],
    });
    expect(
      summary(
        ['JPEGImages/0.jpg', 'SegmentationClassPNG/0.png', 'SegmentationClassVisualization/0.jpg'],
        'x',
      ),
    ).toEqual({
      x: ['JPEGImages/0.jpg + SegmentationClassPNG/0.png'],
      leftOut: [`SegmentationClassVisualization/0.jpg is left out: ${reason}`],
    });
    expect(summary(['depth/1.jpg'])).toEqual({ depth: ['depth/1.jpg'] });
  });

  it('tells apart subjects whose folders are called alike inside', () => {
    expect(summary(['all/rex/home/1.jpg', 'all/tom/home/1.jpg', 'all/rex/park/2.jpg'])).toEqual({
      rex: ['all/rex/home/1.jpg', 'all/rex/park/2.jpg'],
      tom: ['all/tom/home/1.jpg'],
    });
    expect(summary(['ds0/img/a.jpg', 'ds1/img/a.jpg'])).toEqual({
      ...{ ds0: ['ds0/img/a.jpg'], ds1: ['ds1/img/a.jpg'] },
    });
  });

  it('reads training/ and testing/ as train/ and test/', () => {
    expect(summary(['Training/rex/0.jpg', 'training_masks/rex/0.png', 'Testing/rex/0.jpg'])).toEqual({
      ...{ rex: ['Training/rex/0.jpg + training_masks/rex/0.png'], 'rex (test)': ['Testing/rex/0.jpg'] },
    });
  });

  it('cameras, phones and photo programs: their folders are not subjects', () => {
    expect(
      summary(['DCIM/100APPLE/IMG_0000.JPG', 'DCIM/101APPLE/IMG_0002.JPG', 'DCIM/100APPLE/IMG_0000.MOV']),
    ).toEqual({
      DCIM: ['DCIM/100APPLE/IMG_0000.JPG', 'DCIM/101APPLE/IMG_0002.JPG'],
      leftOut: ['DCIM/100APPLE/IMG_0000.MOV is left out: not a picture.'],
    });
    expect(summary(['100CANON/1.jpg', '2023/2023-05-01/2.jpg', '2024/05/3.jpg'], 'Bella')).toEqual({
      Bella: ['100CANON/1.jpg', '2023/2023-05-01/2.jpg', '2024/05/3.jpg'],
    });
    expect(
      summary(
        ['Photos from 2023/1.jpg', 'Photos from 2023/1.jpg.json', '2024/05 May/2.jpg', '2024/06-Juni/3.jpg'],
        'Google Photos',
      ),
    ).toMatchObject({
      'Google Photos': ['2024/05 May/2.jpg', '2024/06-Juni/3.jpg', 'Photos from 2023/1.jpg'],
    });
    expect(summary(['Camera/1.jpg', '100ANDRO/2.jpg'], 'DCIM')).toEqual({
      DCIM: ['100ANDRO/2.jpg', 'Camera/1.jpg'],
    });
    expect(summary(['Camera/1.jpg', 'mug/2.jpg'])).toEqual({ Camera: ['Camera/1.jpg'], mug: ['mug/2.jpg'] });
    expect(summary(['train/dog/100APPLE/1.jpg', 'train_masks/dog/1.png', 'test/dog/a/b/2.jpg'])).toEqual({
      dog: ['train/dog/100APPLE/1.jpg + train_masks/dog/1.png'],
      'dog (test)': ['test/dog/a/b/2.jpg'],
    });
  });

  it('what systems and programs leave behind is neither picture nor subject', () => {
    expect(
      summary(
        [
          ...[
            '00.jpg',
            '._00.jpg',
            '.ipynb_checkpoints/00-checkpoint.jpg',
            '@eaDir/00.jpg/SYNOPHOTO_THUMB_SM.jpg',
          ],
          ...[
            '#recycle/old.jpg',
            '__MACOSX/._00.jpg',
            '.thumbnails/1.png',
            '.DS_Store',
            'Thumbs.db',
            '@__thumb/00.jpg',
          ],
        ],
        'Bella',
      ),
    ).toEqual({
      Bella: ['00.jpg'],
      leftOut: [
        '#recycle/old.jpg, ._00.jpg, .ipynb_checkpoints/00-checkpoint.jpg and 4 more are left out: put there by the system or a program.',
      ],
    });
    expect(
      summary(
        [
          ...['a.jpg', 'a.jpg:Zone.Identifier', 'Zone.Identifier', 'a.jpg@SynoEAStream', '@tmp/a.jpg'],
          ...[
            'Previews.lrdata/0/a.lrprev',
            'Previews.lrdata/0/a.jpg',
            '@Recycle/b.jpg',
            '$RECYCLE.BIN/c.jpg',
          ],
        ],
        'x',
      ),
    ).toEqual({
      x: ['a.jpg'],
      leftOut: [
        '$RECYCLE.BIN/c.jpg, @Recycle/b.jpg, @tmp/a.jpg and 1 more are left out: put there by the system or a program.',
      ],
    });
    expect(summary(['train/.ipynb_checkpoints/notes.txt', 'train/cat/0.jpg'])).toEqual({
      cat: ['train/cat/0.jpg'],
    });
  });

  it('compares names after normalization, case only where it must, and keeps the paths', () => {
    expect(
      summary([
        'train/Zoe\u0308/Jose\u0301.jpg',
        'train_masks/Zo\u00EB/Jos\u00E9.png',
        'test/Zo\u00EB/1.jpg',
      ]),
    ).toEqual({
      'Zo\u00EB': ['train/Zoe\u0308/Jose\u0301.jpg + train_masks/Zo\u00EB/Jos\u00E9.png'],
      'Zo\u00EB (test)': ['test/Zo\u00EB/1.jpg'],
    });
    // Two folders of one name: each photo has the mask from the folder that is spelled as its own.
    const [nfc, nfd] = ['Zo\u00EB', 'Zoe\u0308'];
    const both = [nfd, nfc].flatMap((name) => [`train/${name}/1.jpg`, `train_masks/${name}/1.png`]);
    expect(summary(both)[nfc]).toEqual(
      [nfd, nfc].map((name) => `train/${name}/1.jpg + train_masks/${name}/1.png`),
    );
    expect(summary(['train/dog/IMG_1.JPG', 'train_masks/dog/img_1.PNG'])).toEqual({
      dog: ['train/dog/IMG_1.JPG + train_masks/dog/img_1.PNG'],
    });
    expect(summary(['a.jpg', 'A.jpg', 'masks/a.png', 'masks/A.png'], 'x')).toEqual({
      x: ['A.jpg + masks/A.png', 'a.jpg + masks/a.png'],
    });
  });

  it('every ending that a camera or browser writes, and none', () => {
    expect(summary(['a.jfif', 'b.JPE', 'c.jpg_large', 'd', 'e.heif', 'f.txt'], 'x')).toEqual({
      x: ['a.jfif', 'b.JPE', 'c.jpg_large', 'd', 'e.heif'],
      leftOut: ['f.txt is left out: not a picture.'],
    });
  });

  it('a data set somewhere below; what lies outside is left out by name', () => {
    expect(
      summary([
        'x/PODS/train/rex/0.jpg',
        'x/PODS/test/rex/0.jpg',
        'x/PODS/teaser.jpg',
        'README.md',
        'b/train/tom/0.jpg',
      ]),
    ).toEqual({
      tom: ['b/train/tom/0.jpg'],
      leftOut: expect.anything(),
    });
    expect(
      summary([
        'PODS/train/rex/0.jpg',
        'PODS/test/rex/0.jpg',
        'PODS/teaser.jpg',
        'PODS/dogs_negatives/1.jpg',
      ]),
    ).toEqual({
      rex: ['PODS/train/rex/0.jpg'],
      'rex (test)': ['PODS/test/rex/0.jpg'],
      negatives: ['PODS/dogs_negatives/1.jpg'],
      leftOut: [
        'PODS/teaser.jpg is left out: in no folder of PODS that a data set has, such as train/{subject}/.',
      ],
    });
  });

  it('names masks that are of nothing, and second ones', () => {
    expect(summary(['a.jpg', 'masks/a.png', 'masks/a.jpg', 'masks/b.png'], 'x')).toEqual({
      x: ['a.jpg + masks/a.png'],
      leftOut: [
        'masks/b.png is left out: the mask of no picture here.',
        'masks/a.jpg is left out: its picture has the mask masks/a.png already.',
      ],
    });
  });

  it('pictures that share a name share its mask', () => {
    expect(summary(['a.heic', 'a.jpg', 'masks/a.png'], 'x')).toEqual({
      x: ['a.heic + masks/a.png', 'a.jpg + masks/a.png'],
    });
  });

  it('subjects may be called anything', () => {
    expect(summary(['train/train/0.jpg', 'train/test/0.jpg', 'test/train/0.jpg'])).toEqual({
      train: ['train/train/0.jpg'],
      'train (test)': ['test/train/0.jpg'],
      test: ['train/test/0.jpg'],
    });
  });
});
