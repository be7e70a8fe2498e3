import { describe, expect, it } from 'vitest';
import { writeExif } from '../decode/exif-testing.ts';
import { type PngToWrite, writePng } from '../png/testing.ts';
import { readMask } from './read.ts';

/** Read a mask of one row; `#` is object. */
async function read(samples: number[], picture: Partial<PngToWrite> = {}) {
  const { bitDepth = 8, colourType = 0 } = picture;
  const each = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType]!;
  const png = writePng({
    ...{ width: samples.length / each, height: 1, bitDepth, colourType, samples },
    ...picture,
  });
  const { mask, reading, notes } = await readMask(new Blob([png]), 'm.png');
  return { drawn: Array.from(mask.data, (value) => (value ? '#' : '.')).join(''), reading, notes };
}

describe('readMask, grey', () => {
  it('takes what is above half of the brightest in a soft mask', async () => {
    // Saved from a JPEG, or antialiased: many values, of which the dark ones are noise.
    const noisy = [0, 1, 2, 3, 4, 6, 8, 11, 90, 126, 129, 180, 240, 245, 250, 251, 252, 253, 254, 255, 255];
    expect((await read(noisy)).drawn).toBe('..........###########');
    expect((await read([0, 0, 0, 9, 60, 200, ...Array(20).fill(255)])).drawn).toBe(`.....${'#'.repeat(21)}`);
  });

  it('takes all labels, bright or dark, whatever their number', async () => {
    expect((await read([0, 0, 1, 2, 20, 64])).drawn).toBe('..####');
    expect((await read([0, 0, 50, 100, 150, 200, 250])).drawn).toBe('..#####');
    expect((await read([0, 0, 5, 5, 120, 120])).drawn).toBe('..####');
    expect((await read([0, 1000, 2000, 3000], { bitDepth: 16 })).drawn).toBe('.###');
    expect((await read([0, 0, 128, 128, 255, 255])).drawn).toBe('..####');
  });

  it('takes the void border for background, and says so', async () => {
    const note = ['its border marked as unsure (void) was taken for background'];
    expect(await read([0, 255, 1, 1, 255, 0])).toMatchObject({ drawn: '..##..', notes: note });
    expect(await read([0, 65535, 1, 64, 65535, 0], { bitDepth: 16 })).toMatchObject({
      ...{ drawn: '..##..', notes: note },
    });
    // Specks of 1 beside a large 255 are noise, and beside 65 it is no label mask.
    expect((await read([0, 1, ...Array(20).fill(255)])).drawn).toBe(`..${'#'.repeat(20)}`);
    expect((await read([0, 65, 65, 255])).drawn).toBe('.###');
    // Nothing but 0 and 255 has no void.
    expect(await read([0, 255, 0])).toMatchObject({ drawn: '.#.', notes: [] });
  });

  it('reads the trimap of Oxford-IIIT Pet', async () => {
    expect(await read([2, 3, 1, 1, 3, 2])).toMatchObject({
      drawn: '..##..',
      notes: ['it was read as a trimap: 1 is the object, 2 the background, 3 the border'],
    });
    expect((await read([2, 1])).drawn).toBe('.#');
    // With a 0 they are labels.
    expect((await read([0, 1, 2, 3])).drawn).toBe('.###');
  });

  it('takes the darkest label for the background where nothing is 0', async () => {
    expect(await read([10, 10, 250])).toMatchObject({
      drawn: '..#',
      notes: ['nothing in it is 0: its darkest value (10) was taken for the background'],
    });
    expect((await read([128, 255])).drawn).toBe('.#');
    expect(await read([254, 255])).toMatchObject({
      drawn: '##',
      notes: ['the mask covers the whole photo'],
    });
  });
});

describe('readMask, colours', () => {
  it('takes everything that is not black', async () => {
    const rgb = { colourType: 2 };
    expect((await read([0, 0, 0, 64, 0, 0, 0, 0, 12], rgb)).drawn).toBe('.##');
    const antialiased = Array.from({ length: 30 }, (_, i) => [8 * i, 0, 0]).flat();
    expect((await read(antialiased, rgb)).drawn).toBe(`....${'#'.repeat(26)}`);
  });

  it('keeps the labels of a palette beyond VOC’s, and reads a trimap in one', async () => {
    const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 37) & 255).fill(0, 0, 3);
    expect((await read([0, 1, 100, 255], { colourType: 3, palette })).drawn).toBe('.###');
    expect((await read([0, 1, 64, 255], { colourType: 3, palette })).drawn).toBe('.##.');
    expect((await read([2, 1, 3], { colourType: 3, palette })).drawn).toBe('.#.');
  });

  it('takes a cut-out in black and white for one, and rounded corners for background', async () => {
    const row = (cells: string) =>
      [...cells].flatMap((cell) => ({ ' ': [0, 0], o: [0, 255], w: [255, 255] })[cell]!);
    expect((await read(row('    oowww    '), { colourType: 4 })).drawn).toBe('....#####....');
    // The object reaches into both corners: little is transparent, so it is still a mask.
    expect((await read(row(' wwoooooww '), { colourType: 4 })).drawn).toBe('.##.....##.');
    expect((await read(row('    oowwoo    '), { colourType: 4 })).drawn).toBe('......##......');
  });

  it('takes a cut-out photo of a palette whose first colour is the transparent one', async () => {
    const palette = Uint8Array.from({ length: 768 }, (_, i) => (i * 37) & 255).fill(0, 0, 3);
    const samples = Array.from({ length: 256 }, (_, i) => i);
    const { drawn } = await read(samples, { colourType: 3, palette, transparency: Uint8Array.of(0) });
    expect(drawn).toBe(`.${'#'.repeat(255)}`);
  });
});

describe('readMask', () => {
  it('takes half of the most opaque, where nothing is quite opaque', async () => {
    expect(await read([255, 0, 255, 40, 255, 60, 255, 100], { colourType: 4 })).toMatchObject({
      ...{ drawn: '..##', reading: 'alpha' },
    });
  });

  it('refuses a mask that marks nothing and notes one that covers everything', async () => {
    await expect(read([0, 0])).rejects.toThrow('m.png marks nothing.');
    await expect(read([2, 3])).rejects.toThrow('m.png marks nothing.');
    expect((await read([7, 7])).notes).toEqual(['the mask covers the whole photo']);
  });

  it('applies the orientation that the file has', async () => {
    const samples = [255, 0, 0, 0, 0, 0];
    const exif = writeExif({ orientation: 6, littleEndian: true });
    const png = writePng({ width: 3, height: 2, bitDepth: 8, colourType: 0, samples, exif });
    const { mask } = await readMask(new Blob([png]), 'm.png');
    expect(mask).toEqual({ width: 2, height: 3, data: Uint8Array.of(0, 255, 0, 0, 0, 0) });
  });
});
