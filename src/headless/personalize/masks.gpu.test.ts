import { expect, it } from 'vitest';
import { jpegWithExif, writeExif } from '../../images/decode/exif-testing.ts';
import { quadrantCanvas } from '../../images/decode/testing.ts';
import { coverage } from '../../images/mask/interpret.ts';
import { writePng } from '../../images/png/testing.ts';
import { loadPhotos, photosOf, trainingPhotos } from './images.ts';

/** A mask whose top left quarter is object, in 16 bits of which only the last is used. */
const quarter = (width: number, height: number) =>
  writePng({
    ...{ width, height, bitDepth: 16, colourType: 0 },
    samples: Array.from({ length: width * height }, (_, i) =>
      Number(i % width < width / 2 && i < (width * height) / 2),
    ),
  });

it('reads masks as the page does; one that cannot be used is named, and its photo goes without', async () => {
  const jpeg = await (await quadrantCanvas(96, 72).convertToBlob({ type: 'image/jpeg' })).bytes();
  const url = (bytes: Uint8Array<ArrayBuffer>) => URL.createObjectURL(new Blob([bytes]));
  const turned = jpegWithExif(jpeg, writeExif({ orientation: 6 }));
  const problems: string[] = [];
  const empty = writePng({ width: 4, height: 3, bitDepth: 8, colourType: 0, samples: new Uint8Array(12) });
  const photos = await loadPhotos(
    [
      { name: 'a.jpg', image: url(jpeg), mask: url(quarter(96, 72)) },
      { name: 'b.jpg', image: url(turned), mask: url(quarter(96, 72)) },
      { name: 'c.jpg', image: url(turned), mask: url(quarter(72, 96)) },
      { name: 'd.jpg', image: url(jpeg), mask: url(empty) },
    ],
    (problem) => problems.push(problem),
  );
  expect(photosOf(photos).map(({ pixels, mask }) => [pixels.width, mask && coverage(mask)])).toEqual([
    [96, 0.25],
    [72, undefined],
    [72, 0.25],
    [96, undefined],
  ]);
  expect(problems).toEqual([
    expect.stringMatching(/^the mask of b\.jpg is left out: .* is 96 × 72, but b\.jpg is 72 × 96\. .*EXIF/),
    expect.stringMatching(/^the mask of d\.jpg is left out: .* marks nothing\. /),
  ]);

  const trimap = writePng({
    width: 4,
    height: 3,
    bitDepth: 8,
    colourType: 0,
    samples: [1, ...Array(11).fill(2)],
  });
  const notes: string[] = [];
  const pets = ['1.jpg', '2.jpg'].map((name) => ({ name, image: url(jpeg), mask: url(trimap) }));
  await loadPhotos(pets, (problem) => notes.push(problem));
  expect(notes).toEqual([
    expect.stringMatching(/^the mask of 1\.jpg, and 1 more: it was read as a trimap: 1 is /),
  ]);

  const told: string[] = [];
  const white = { width: 96, height: 72, data: new Uint8Array(96 * 72).fill(255) };
  const [first, , third] = photos;
  const whole = { name: 'e.jpg', photo: { ...first!.photo, mask: white } };
  const training = trainingPhotos([whole, third!], (problem) => told.push(problem));
  expect(training.map(({ mask }) => mask && coverage(mask))).toEqual([undefined, 0.25]);
  expect(told).toEqual(['the mask of e.jpg is left out: it covers the whole photo.']);
});
