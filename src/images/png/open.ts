import { unzlibSync } from 'fflate';
import { MAX_PIXELS } from '../decode/limits.ts';
import { type PngChunk, PngError, readChunks } from './chunks.ts';
import { unfilter } from './filter.ts';
import { type PngHeader, type PngPalette, SAMPLES_PER_PIXEL } from './samples.ts';

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

/** One unfiltered scanline: packed samples of `columns` pixels, which lie at x0, x0 + dx, … of row y. */
export interface Scanline {
  line: Uint8Array;
  columns: number;
  y: number;
  x0: number;
  dx: number;
}

/** A PNG whose pixels are inflated but not unpacked. */
export interface OpenPng {
  header: PngHeader;
  palette: PngPalette;
  scanlines: () => Generator<Scanline>;
}

/**
 * Read a PNG's chunks and inflate its pixels.
 * @throws PngError saying what is wrong and where
 */
export function openPng(bytes: Uint8Array<ArrayBuffer>): OpenPng {
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

  function* scanlines(): Generator<Scanline> {
    let offset = 0;
    for (const { x0, y0, dx, dy, columns, rows } of passes) {
      const scanline = rowBytes(columns);
      const pass = inflated.subarray(offset, offset + rows * (1 + scanline));
      unfilter(pass, rows, scanline, Math.max(1, bitsPerPixel >> 3));
      for (let row = 0; row < rows; row++) {
        const start = row * (1 + scanline) + 1;
        yield { line: pass.subarray(start, start + scanline), columns, y: y0 + row * dy, x0, dx };
      }
      offset += pass.length;
    }
  }
  return { header, palette, scanlines };
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
