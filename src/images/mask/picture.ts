import type { RawPng } from '../png/raw.ts';
import { matchesKey, SAMPLES_PER_PIXEL } from '../png/samples.ts';
import type { Pixels } from '../types.ts';

/** Colour channels further apart than this (of 255) make a picture coloured rather than grey. */
const COLOUR_DIFFERENCE = 8;

/** What a mask's file holds, pixel by pixel, before anything is made of it. */
export interface MaskPicture {
  width: number;
  height: number;
  /** Whether values are near what was saved rather than equal to it (JPEG, lossy WebP, AVIF, HEIC). */
  lossy: boolean;
  /** The brightest channel of each pixel, at the file's own depth. */
  levels: Uint8Array | Uint16Array;
  /** Colours (0xRRGGBB); left out where all pixels are grey. */
  colours?: Uint32Array;
  /** Opacity, at the file's own depth; left out where all pixels are opaque. */
  alpha?: Uint8Array | Uint16Array;
  /** Indices into a palette of colours that is one of labels; left out elsewhere. */
  indices?: Uint8Array;
}

/** The picture of a PNG, lossless at its own depth. */
export function pictureOfPng(png: RawPng): MaskPicture {
  return png.header.colourType === 3 ? pictureOfPalette(png) : pictureOfSamples(png);
}

/** The picture of decoded pixels of 8 bits. */
export function pictureOfPixels({ width, height, data }: Pixels, lossy: boolean): MaskPicture {
  return finish({ width, height, lossy }, data, 4, 8, alphaOf(data, 4));
}

function pictureOfSamples({ header, palette, samples }: RawPng): MaskPicture {
  const { width, height, bitDepth, colourType } = header;
  const each = SAMPLES_PER_PIXEL[colourType]!;
  const key = palette.transparency;
  const alpha =
    colourType >= 4 ? alphaOf(samples, each) : key && alphaOfKey(samples, each, key, width * height);
  return finish({ width, height, lossy: false }, samples, each, bitDepth, alpha);
}

/**
 * A palette whose colours in use are all grey and all different is grey (a ramp of 256 greys is how many programs store
 * grey). Any other whose index 0 is black is one of labels, as of DAVIS and VOC, also where a label's colour is black.
 */
function pictureOfPalette({ header, palette, samples }: RawPng): MaskPicture {
  const { width, height } = header;
  const count = width * height;
  const table = palette.colours!;
  const used = new Set(samples);
  const rgba = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const index = samples[i]!;
    for (let c = 0; c < 3; c++) rgba[4 * i + c] = table[3 * index + c] ?? 0;
    rgba[4 * i + 3] = palette.transparency?.[index] ?? 255;
  }
  const colourOf = (index: number) => [0, 1, 2].map((c) => table[3 * index + c] ?? 0);
  const keys = new Set([...used].map((index) => colourOf(index).join()));
  const grey = [...used].every((index) => Math.max(...colourOf(index)) === Math.min(...colourOf(index)));
  const labels = !(grey && keys.size === used.size) && Math.max(...colourOf(0)) === 0;
  const picture = finish({ width, height, lossy: false }, rgba, 4, 8, alphaOf(rgba, 4));
  return labels ? { ...picture, indices: samples as Uint8Array } : picture;
}

function finish(
  size: Pick<MaskPicture, 'width' | 'height' | 'lossy'>,
  samples: ArrayLike<number>,
  each: number,
  bitDepth: number,
  alpha: MaskPicture['alpha'],
): MaskPicture {
  const count = size.width * size.height;
  const levels = bitDepth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const shift = bitDepth === 16 ? 8 : 0;
  const grey = each < 3;
  let coloured = false;
  for (let i = 0; i < count; i++) {
    const at = i * each;
    if (grey) {
      levels[i] = samples[at]!;
      continue;
    }
    const [r, g, b] = [samples[at]!, samples[at + 1]!, samples[at + 2]!];
    levels[i] = Math.max(r, g, b);
    // What is transparent has no colour that anybody sees.
    if (alpha?.[i] !== 0 && (levels[i]! - Math.min(r, g, b)) >> shift > COLOUR_DIFFERENCE) coloured = true;
  }
  const picture: MaskPicture = { ...size, levels };
  if (alpha) picture.alpha = alpha;
  if (coloured) {
    const colours = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const at = i * each;
      colours[i] =
        ((samples[at]! >> shift) << 16) | ((samples[at + 1]! >> shift) << 8) | (samples[at + 2]! >> shift);
    }
    picture.colours = colours;
  }
  return picture;
}

/** The last of each pixel's samples, unless it is the same for all: then it says nothing. */
function alphaOf(samples: ArrayLike<number>, each: number): MaskPicture['alpha'] {
  const count = samples.length / each;
  const alpha = samples instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
  let varies = false;
  for (let i = 0; i < count; i++) {
    alpha[i] = samples[i * each + each - 1]!;
    if (alpha[i] !== alpha[0]) varies = true;
  }
  return varies ? alpha : undefined;
}

/** Opacity where one colour is transparent (tRNS of grey and RGB pictures). */
function alphaOfKey(
  samples: ArrayLike<number>,
  each: number,
  key: Uint8Array,
  count: number,
): MaskPicture['alpha'] {
  const pixel: number[] = [];
  const pairs = new Uint8Array(2 * count);
  for (let i = 0; i < count; i++) {
    for (let s = 0; s < each; s++) pixel[s] = samples[i * each + s]!;
    pairs[2 * i + 1] = matchesKey(pixel, each, key) ? 0 : 255;
  }
  return alphaOf(pairs, 2);
}
