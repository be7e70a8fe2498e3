import { describe, expect, it } from 'vitest';
import { type PngToWrite, writePng } from '../png/testing.ts';
import { readMask } from './read.ts';

/** A generator of whole numbers below `limit`, the same in every run. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Random = (limit: number) => number;

/** What is where: 0 background, 1 and 2 the object's parts, 3 a border around it, 4 the picture's corners. */
interface Scene {
  width: number;
  height: number;
  parts: number[];
}

/** An ellipse of two halves somewhere in the picture, away from its corners. */
function drawScene(random: Random): Scene {
  const [width, height] = [20 + random(20), 20 + random(20)];
  const [cx, cy] = [8 + random(width - 15), 8 + random(height - 15)];
  const [rx, ry] = [4 + random(3), 4 + random(3)];
  const parts = Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if ((x === 0 || x === width - 1) && (y === 0 || y === height - 1)) return 4;
    const distance = Math.hypot((x - cx) / rx, (y - cy) / ry);
    if (distance <= 1) return x < cx ? 1 : 2;
    return distance <= 1.3 ? 3 : 0;
  });
  return { width, height, parts };
}

type Picture = Omit<PngToWrite, 'width' | 'height' | 'interlaced'>;
type Encoding = (parts: readonly number[], random: Random) => Picture;

const isObject = (part: number) => part === 1 || part === 2;
const isCorner = (part: number) => part === 4;
const deep = (random: Random) => (random(2) ? 8 : 16);
const top = (bitDepth: number) => 2 ** bitDepth - 1;
/** One sample for the object's pixels, 0 for all others. */
const binary = (parts: readonly number[], value: number) => parts.map((part) => (isObject(part) ? value : 0));
/** Grey and alpha, or RGB and alpha, of two lists. */
const withAlpha = (grey: readonly number[], alpha: readonly number[], channels: 1 | 3) =>
  grey.flatMap((value, i) => [...Array<number>(channels).fill(value), alpha[i]!]);
const paletteOf = (...colours: number[][]) => Uint8Array.from(colours.flat());
const DAVIS = paletteOf([0, 0, 0], [128, 0, 0], [0, 128, 0], [128, 128, 0]);

const GREY_ENCODINGS: Record<string, Encoding> = {
  'grey, any value, any depth': (parts, random) => {
    const bitDepth = [1, 2, 4, 8, 16][random(5)]!;
    return { bitDepth, colourType: 0, samples: binary(parts, 1 + random(top(bitDepth))) };
  },
  'grey labels': (parts, random) => {
    const [one, two] = [1 + random(64), 1 + random(64)];
    return {
      ...{ bitDepth: deep(random), colourType: 0 },
      samples: parts.map((part) => [0, one, two, 0, 0][part]!),
    };
  },
  'grey labels, bright': (parts, random) => {
    const [one, two] = [60 + random(195), 60 + random(195)];
    return { bitDepth: 8, colourType: 0, samples: parts.map((part) => [0, one, two, 0, 0][part]!) };
  },
  'labels with a void border': (parts, random) => {
    const bitDepth = deep(random);
    const [one, two] = [1 + random(64), 1 + random(64)];
    const unsure = random(2) ? top(bitDepth) : 255;
    return { bitDepth, colourType: 0, samples: parts.map((part) => [0, one, two, unsure, 0][part]!) };
  },
  'a trimap of 1, 2, 3': (parts, random) => ({
    ...{ bitDepth: deep(random), colourType: 0 },
    samples: parts.map((part) => [2, 1, 1, 3, 2][part]!),
  }),
  'RGB, white': (parts, random) => {
    const bitDepth = deep(random);
    const samples = binary(parts, top(bitDepth)).flatMap((value) => [value, value, value]);
    return { bitDepth, colourType: 2, samples };
  },
  'RGB, a colour a part': (parts, random) => {
    const bitDepth = deep(random);
    const unit = bitDepth === 16 ? 257 : 1;
    const one = [10 + random(246), 0, 0].map((value) => value * unit);
    const two = [0, random(256), 10 + random(246)].map((value) => value * unit);
    const samples = parts.flatMap((part) => (part === 1 ? one : part === 2 ? two : [0, 0, 0]));
    return { bitDepth, colourType: 2, samples };
  },
  'RGB with VOC’s void border': (parts) => ({
    ...{ bitDepth: 8, colourType: 2 },
    samples: parts.flatMap(
      (part) =>
        [
          [0, 0, 0],
          [128, 0, 0],
          [0, 128, 128],
          [224, 224, 192],
          [0, 0, 0],
        ][part]!,
    ),
  }),
};

const PALETTE_ENCODINGS: Record<string, Encoding> = {
  'a palette of labels': (parts, random) => ({
    ...{ bitDepth: [2, 4, 8][random(3)]!, colourType: 3, palette: DAVIS },
    samples: parts.map((part) => [0, 1, 3, 0, 0][part]!),
  }),
  'a palette of labels, all black': (parts, random) => ({
    ...{ bitDepth: [2, 4, 8][random(3)]!, colourType: 3, palette: new Uint8Array(12) },
    samples: parts.map((part) => [0, 1, 3, 0, 0][part]!),
  }),
  'a palette of labels, its background transparent': (parts) => ({
    ...{ bitDepth: 8, colourType: 3, palette: DAVIS, transparency: Uint8Array.of(0) },
    samples: parts.map((part) => [0, 1, 2, 0, 0][part]!),
  }),
  'a palette of VOC with its void': (parts) => {
    const palette = new Uint8Array(768);
    palette.set(DAVIS);
    palette.set([224, 224, 192], 3 * 255);
    const samples = parts.map((part) => [0, 1, 2, 255, 0][part]!);
    return { bitDepth: 8, colourType: 3, palette, samples };
  },
  'a ramp of greys': (parts, random) => ({
    ...{ bitDepth: 8, colourType: 3, palette: Uint8Array.from({ length: 768 }, (_, i) => i / 3) },
    samples: binary(parts, 1 + random(255)),
  }),
  'white before black': (parts, random) => ({
    ...{ bitDepth: [1, 2, 4, 8][random(4)]!, colourType: 3, palette: paletteOf([255, 255, 255], [0, 0, 0]) },
    samples: parts.map((part) => (isObject(part) ? 0 : 1)),
  }),
  'a colour before black': (parts) => ({
    ...{ bitDepth: 1, colourType: 3, palette: paletteOf([255, 0, 0], [0, 0, 0]) },
    samples: parts.map((part) => (isObject(part) ? 0 : 1)),
  }),
};

const ALPHA_ENCODINGS: Record<string, Encoding> = {
  'an alpha that is the same everywhere': (parts, random) => {
    const bitDepth = deep(random);
    const alpha = [0, 254, top(bitDepth)][random(3)]!;
    const grey = binary(parts, 1 + random(top(bitDepth)));
    return {
      ...{ bitDepth, colourType: 4 },
      samples: withAlpha(
        grey,
        parts.map(() => alpha),
        1,
      ),
    };
  },
  'an alpha that hardly differs': (parts, random) => ({
    ...{ bitDepth: 8, colourType: 6 },
    samples: withAlpha(
      binary(parts, 255),
      parts.map(() => 250 + random(6)),
      3,
    ),
  }),
  'one colour everywhere, alpha is the mask': (parts, random) => {
    const bitDepth = deep(random);
    const colour = [0, 1, top(bitDepth)][random(3)]!;
    const channels = random(2) ? 1 : 3;
    const samples = withAlpha(
      parts.map(() => colour),
      binary(parts, top(bitDepth)),
      channels,
    );
    return { bitDepth, colourType: channels === 1 ? 4 : 6, samples };
  },
  'an object on nothing': (parts) => ({
    ...{ bitDepth: 8, colourType: 4 },
    samples: withAlpha(binary(parts, 255), binary(parts, 255), 1),
  }),
  'white on black with transparent corners': (parts, random) => {
    const bitDepth = deep(random);
    const channels = random(2) ? 1 : 3;
    const alpha = parts.map((part) => (isCorner(part) ? 0 : top(bitDepth)));
    const samples = withAlpha(binary(parts, 1 + random(top(bitDepth))), alpha, channels);
    return { bitDepth, colourType: channels === 1 ? 4 : 6, samples };
  },
  'white on black, noisy, with white transparent corners': (parts, random) => {
    const grey = parts.map((part) => (isObject(part) ? 240 + random(16) : isCorner(part) ? 255 : random(12)));
    const alpha = parts.map((part) => (isCorner(part) ? 0 : 255));
    return { bitDepth: 8, colourType: 6, samples: withAlpha(grey, alpha, 3) };
  },
  'a cut-out photo': (parts, random) => ({
    ...{ bitDepth: 8, colourType: 6 },
    samples: parts.flatMap((part) => [random(256), random(256), random(256), isObject(part) ? 255 : 0]),
  }),
  'the one transparent grey': (parts, random) => ({
    ...{ bitDepth: 8, colourType: 0, transparency: Uint8Array.of(0, 77) },
    samples: parts.map((part) => (isCorner(part) ? 77 : isObject(part) ? 200 + random(2) : 0)),
  }),
  'the one transparent colour': (parts) => ({
    ...{ bitDepth: 8, colourType: 2, transparency: Uint8Array.of(0, 9, 0, 8, 0, 7) },
    samples: parts.flatMap((part) => (isObject(part) ? [200, 30, 30] : [9, 8, 7])),
  }),
};

describe('a mask is the same object in every encoding:', () => {
  it.each(
    Object.entries({ ...GREY_ENCODINGS, ...PALETTE_ENCODINGS, ...ALPHA_ENCODINGS }),
  )('%s', async (name, encode) => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = generator(seed);
      const { width, height, parts } = drawScene(random);
      const png = writePng({ width, height, interlaced: random(3) === 0, ...encode(parts, random) });
      const { mask } = await readMask(new Blob([png]), `${name}.jpg`);
      const wrong = parts.filter((part, i) => isObject(part) !== (mask.data[i] === 255)).length;
      expect({ seed, width: mask.width, height: mask.height, wrong }).toEqual({
        seed,
        width,
        height,
        wrong: 0,
      });
    }
  });
});
