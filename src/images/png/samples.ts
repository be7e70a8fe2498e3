import { PngError } from './chunks.ts';

export interface PngHeader {
  width: number;
  height: number;
  /** Bits a sample: 1, 2, 4, 8 or 16. */
  bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  colourType: number;
  interlaced: boolean;
}

export interface PngPalette {
  /** PLTE: RGB triples. */
  colours?: Uint8Array;
  /** tRNS: alpha of the palette's first entries, or the one transparent colour as 16-bit samples. */
  transparency?: Uint8Array;
}

export const SAMPLES_PER_PIXEL: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * Turn one unfiltered scanline into RGBA bytes, written to `out` from `start` on, `step` bytes a pixel.
 * @param line packed samples of `columns` pixels
 */
export function readSamples(
  line: Uint8Array,
  columns: number,
  { bitDepth, colourType }: PngHeader,
  { colours, transparency }: PngPalette,
  out: Uint8ClampedArray,
  start: number,
  step: number,
): void {
  const samples = SAMPLES_PER_PIXEL[colourType]!;
  const highest = 2 ** bitDepth - 1;
  const to8 = (value: number) => (bitDepth === 16 ? value >> 8 : (value * 255) / highest);
  const keyed = transparency && (colourType === 0 || colourType === 2);
  const pixel = [0, 0, 0, 0];
  for (let x = 0; x < columns; x++) {
    for (let s = 0; s < samples; s++) pixel[s] = sample(line, x * samples + s, bitDepth);
    const at = start + x * step;
    if (colourType === 3) {
      const index = pixel[0]!;
      if (!colours || 3 * index + 2 >= colours.length)
        throw new PngError(`colour ${index} is not in its palette`);
      for (let c = 0; c < 3; c++) out[at + c] = colours[3 * index + c]!;
      out[at + 3] = transparency?.[index] ?? 255;
      continue;
    }
    const grey = colourType === 0 || colourType === 4;
    for (let c = 0; c < 3; c++) out[at + c] = to8(pixel[grey ? 0 : c]!);
    if (colourType >= 4) out[at + 3] = to8(pixel[samples - 1]!);
    else out[at + 3] = keyed && matchesKey(pixel, samples, transparency) ? 0 : 255;
  }
}

/** One sample of a scanline at its own depth. */
export function sample(line: Uint8Array, index: number, bitDepth: number): number {
  if (bitDepth === 8) return line[index]!;
  if (bitDepth === 16) return (line[2 * index]! << 8) | line[2 * index + 1]!;
  const bit = index * bitDepth;
  return (line[bit >> 3]! >> (8 - bitDepth - (bit & 7))) & (2 ** bitDepth - 1);
}

/** Whether a pixel has the one colour that tRNS makes transparent. */
export function matchesKey(pixel: readonly number[], samples: number, key: Uint8Array): boolean {
  for (let s = 0; s < samples; s++) {
    if (pixel[s] !== ((key[2 * s]! << 8) | key[2 * s + 1]!)) return false;
  }
  return true;
}
