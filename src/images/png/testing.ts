import { zlibSync } from 'fflate';
import { type PngChunk, writeChunks } from './chunks.ts';
import { SAMPLES_PER_PIXEL } from './samples.ts';

/** A PNG to write, of any colour type and depth. */
export interface PngToWrite {
  width: number;
  height: number;
  bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  colourType: number;
  /** Samples of the bit depth, interleaved, row-major. */
  samples: ArrayLike<number>;
  palette?: Uint8Array<ArrayBuffer>;
  transparency?: Uint8Array<ArrayBuffer>;
  exif?: Uint8Array<ArrayBuffer>;
  interlaced?: boolean;
}

/** First pixel and step of the seven passes. */
const PASSES = ['00 88', '40 88', '04 48', '20 44', '02 24', '10 22', '01 12'].map((pass) =>
  [...pass.replace(' ', '')].map(Number),
);

/** Write a PNG for tests, without filters. */
export function writePng(png: PngToWrite): Uint8Array<ArrayBuffer> {
  const { width, height, bitDepth, colourType } = png;
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bitDepth, colourType, 0, 0, png.interlaced ? 1 : 0], 8);
  const rows: number[] = [];
  for (const [x0, y0, dx, dy] of png.interlaced ? PASSES : [[0, 0, 1, 1]]) {
    if (x0! >= width) continue;
    for (let y = y0!; y < height; y += dy!) rows.push(0, ...packRow(png, y, x0!, dx!));
  }
  const chunks: PngChunk[] = [{ type: 'IHDR', data: header }];
  if (png.palette) chunks.push({ type: 'PLTE', data: png.palette });
  if (png.transparency) chunks.push({ type: 'tRNS', data: png.transparency });
  if (png.exif) chunks.push({ type: 'eXIf', data: png.exif });
  chunks.push({ type: 'IDAT', data: new Uint8Array(zlibSync(Uint8Array.from(rows))) });
  return writeChunks([...chunks, { type: 'IEND', data: new Uint8Array(0) }]);
}

function packRow({ width, bitDepth, colourType, samples }: PngToWrite, y: number, x0: number, dx: number) {
  const each = SAMPLES_PER_PIXEL[colourType]!;
  const bits: number[] = [];
  for (let x = x0; x < width; x += dx) {
    for (let s = 0; s < each; s++) {
      const value = samples[(y * width + x) * each + s]!;
      for (let bit = bitDepth - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
    }
  }
  return Array.from({ length: Math.ceil(bits.length / 8) }, (_, byte) =>
    Array.from({ length: 8 }, (_, bit) => (bits[8 * byte + bit] ?? 0) << (7 - bit)).reduce((a, b) => a | b),
  );
}
