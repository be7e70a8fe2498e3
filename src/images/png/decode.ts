import { unzlibSync } from 'fflate';
import { MAX_PIXELS } from '../decode/limits.ts';
import type { Pixels } from '../types.ts';
import { type PngChunk, PngError, readChunks } from './chunks.ts';
import { unfilter } from './filter.ts';
import { type PngHeader, type PngPalette, readSamples, SAMPLES_PER_PIXEL } from './samples.ts';

/** First pixel and step of Adam7's seven interlace passes: x0, y0, dx, dy. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Decode a PNG exactly: no colour management and no premultiplied alpha, which a browser's decoder would
 * apply and a mask must not suffer. All colour types, depths (16 bits are cut to 8), palettes, transparency
 * and interlacing.
 *
 * @returns 8-bit RGBA with straight alpha
 * @throws PngError saying what is wrong and where
 */
export function decodePng(bytes: Uint8Array<ArrayBuffer>): Pixels {
  const chunks = [...readChunks(bytes)];
  const header = readHeader(chunks[0]);
  const palette: PngPalette = {};
  const parts: Uint8Array[] = [];
  for (const { type, data } of chunks) {
    if (type === 'PLTE') palette.colours = data;
    else if (type === 'tRNS') palette.transparency = data;
    else if (type === 'IDAT') parts.push(data);
  }
  if (header.colourType === 3 && !palette.colours) throw new PngError('it has a palette type but no palette');

  const { width, height } = header;
  const passes = (header.interlaced ? ADAM7 : [[0, 0, 1, 1] as const])
    .map(([x0, y0, dx, dy]) => ({
      ...{ x0, y0, dx, dy },
      columns: Math.ceil((width - x0) / dx),
      rows: Math.ceil((height - y0) / dy),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const bitsPerPixel = header.bitDepth * SAMPLES_PER_PIXEL[header.colourType]!;
  const rowBytes = (columns: number) => Math.ceil((columns * bitsPerPixel) / 8);
  const expected = passes.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0);
  const inflated = inflate(parts, expected);

  const data = new Uint8ClampedArray(4 * width * height);
  let offset = 0;
  for (const { x0, y0, dx, dy, columns, rows } of passes) {
    const scanline = rowBytes(columns);
    const pass = inflated.subarray(offset, offset + rows * (1 + scanline));
    unfilter(pass, rows, scanline, Math.max(1, bitsPerPixel >> 3));
    for (let row = 0; row < rows; row++) {
      const start = row * (1 + scanline) + 1;
      const line = pass.subarray(start, start + scanline);
      readSamples(line, columns, header, palette, data, 4 * ((y0 + row * dy) * width + x0), 4 * dx);
    }
    offset += pass.length;
  }
  return { width, height, data };
}

function readHeader(chunk: PngChunk | undefined): PngHeader {
  if (chunk?.type !== 'IHDR' || chunk.data.length !== 13) throw new PngError('it has no header chunk (IHDR)');
  const { data } = chunk;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth, colourType, interlace] = [data[8]!, data[9]!, data[12]!];
  if (width === 0 || height === 0) throw new PngError(`its size is ${width} × ${height}`);
  if (width * height > MAX_PIXELS) {
    throw new PngError(`its size is ${width} × ${height}; the limit is ${MAX_PIXELS / 1e6} megapixels`);
  }
  if (!(colourType in SAMPLES_PER_PIXEL) || ![1, 2, 4, 8, 16].includes(bitDepth) || interlace > 1) {
    throw new PngError(`its header is invalid (colour type ${colourType}, ${bitDepth} bits)`);
  }
  return { width, height, bitDepth, colourType, interlaced: interlace === 1 };
}

/** Inflate to exactly `expected` bytes; the fixed output is also what stops a decompression bomb. */
function inflate(parts: readonly Uint8Array[], expected: number): Uint8Array {
  const compressed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    compressed.set(part, offset);
    offset += part.length;
  }
  let inflated: Uint8Array;
  try {
    inflated = unzlibSync(compressed, { out: new Uint8Array(expected) });
  } catch (cause) {
    throw new PngError(`its pixel data are damaged (${cause instanceof Error ? cause.message : cause})`, {
      cause,
    });
  }
  if (inflated.length < expected) {
    throw new PngError(`its pixel data end after ${inflated.length} of ${expected} bytes`);
  }
  return inflated;
}
