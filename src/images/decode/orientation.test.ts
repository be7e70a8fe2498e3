import { describe, expect, it } from 'vitest';
import { readChunks } from '../png/chunks.ts';
import { writePng } from '../png/testing.ts';
import { webpWithExif, writeExif } from './exif-testing.ts';
import { takeOrientation } from './orientation.ts';
import { type Orientation, turn, uprightSize } from './turn.ts';

const png = (exif?: Uint8Array<ArrayBuffer>) =>
  writePng({ width: 3, height: 2, bitDepth: 8, colourType: 0, samples: [1, 2, 3, 4, 5, 6], exif });
const webp = (exif: Uint8Array<ArrayBuffer>) =>
  webpWithExif(
    new Uint8Array([...new TextEncoder().encode('RIFF....WEBPVP8L'), 4, 0, 0, 0, 9, 9, 9, 9]),
    exif,
    3,
    2,
  );

describe('takeOrientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('takes orientation %i out, in both byte orders', (orientation) => {
    for (const littleEndian of [false, true]) {
      const exif = writeExif({ orientation, littleEndian });
      const taken = takeOrientation(png(exif), 'png');
      expect(taken.orientation).toBe(orientation);
      expect(taken.bytes).toEqual(png());
      const fromWebp = takeOrientation(webp(exif), 'webp');
      expect(fromWebp.orientation).toBe(orientation);
      expect(fromWebp.bytes).toEqual(webp(writeExif({ orientation: 1, littleEndian })));
    }
  });

  it('finds it behind "Exif" too, which some programs put before it', () => {
    const exif = Uint8Array.of(...new TextEncoder().encode('Exif\0\0'), ...writeExif({ orientation: 6 }));
    expect(takeOrientation(webp(exif), 'webp').orientation).toBe(6);
    expect(takeOrientation(png(exif), 'png').orientation).toBe(6);
  });

  it('leaves alone what has none, what is damaged and what browsers turn themselves', () => {
    const whole = writeExif({ orientation: 6 });
    const damaged = [
      writeExif({ orientation: 0 }),
      writeExif({ orientation: 9 }),
      writeExif({ orientation: 6, type: 2 }),
      new Uint8Array(0),
      new TextEncoder().encode('no EXIF at all'),
      ...Array.from({ length: whole.length - 5 }, (_, length) => whole.slice(0, length)),
      Uint8Array.from(whole, (byte, i) => (i >= 4 && i < 8 ? 255 : byte)),
    ].map((exif) => new Uint8Array(exif));
    for (const exif of damaged) {
      expect(takeOrientation(png(exif), 'png')).toEqual({ bytes: png(exif), orientation: 1 });
      expect(takeOrientation(webp(exif), 'webp')).toEqual({ bytes: webp(exif), orientation: 1 });
    }
    expect(takeOrientation(png(), 'png')).toEqual({ bytes: png(), orientation: 1 });
    const file = png(whole);
    expect(takeOrientation(file, 'jpeg').bytes).toBe(file);
    expect([...readChunks(file)].map(({ type }) => type)).toContain('eXIf');
  });
});

describe('turn', () => {
  const stored = { width: 3, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  // The rows of the upright picture, by EXIF 2.32's words on where its row 0 and column 0 are.
  it.each([
    [1, [3, 2], [1, 2, 3, 4, 5, 6]],
    [2, [3, 2], [3, 2, 1, 6, 5, 4]],
    [3, [3, 2], [6, 5, 4, 3, 2, 1]],
    [4, [3, 2], [4, 5, 6, 1, 2, 3]],
    [5, [2, 3], [1, 4, 2, 5, 3, 6]],
    [6, [2, 3], [4, 1, 5, 2, 6, 3]],
    [7, [2, 3], [6, 3, 5, 2, 4, 1]],
    [8, [2, 3], [3, 6, 2, 5, 1, 4]],
  ] as [
    Orientation,
    [number, number],
    number[],
  ][])('puts orientation %i upright', (orientation, size, rows) => {
    const [width, height] = size;
    expect(turn(stored, 1, orientation)).toEqual({ width, height, data: Uint8Array.from(rows) });
    expect(uprightSize(stored, orientation)).toEqual({ width, height });
    const rgba = Uint8ClampedArray.from({ length: 24 }, (_, i) => 10 * stored.data[i >> 2]! + (i % 4));
    const expected = Uint8ClampedArray.from({ length: 24 }, (_, i) => 10 * rows[i >> 2]! + (i % 4));
    expect(turn({ ...stored, data: rgba }, 4, orientation)).toEqual({ width, height, data: expected });
  });
});
