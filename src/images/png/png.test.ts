import { deflateSync, inflateSync } from 'node:zlib';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { readChunks, writeChunks } from './chunks.ts';
import { crc32 } from './crc32.ts';
import { decodePng } from './decode.ts';
import { encodeGreyPng } from './encode.ts';

const noise = (count: number, seed = 1) => {
  let state = seed;
  return Uint8Array.from({ length: count }, () => (state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16);
};
const plain = (bytes: Uint8Array) => new Uint8Array(bytes);

/** A PNG of the given type, unfiltered, straight from packed scanlines; the oracle for it is pngjs. */
function makePng(
  width: number,
  height: number,
  bitDepth: number,
  colourType: number,
  options: { palette?: Uint8Array; transparency?: Uint8Array; interlaced?: boolean; seed?: number } = {},
) {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([bitDepth, colourType, 0, 0, options.interlaced ? 1 : 0], 8);
  const bits = bitDepth * { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colourType]!;
  const passes = options.interlaced
    ? [
        [8, 8, 0, 0],
        [8, 8, 4, 0],
        [4, 8, 0, 4],
        [4, 4, 2, 0],
        [2, 4, 0, 2],
        [2, 2, 1, 0],
        [1, 2, 0, 1],
      ]
    : [[1, 1, 0, 0]];
  const rows: number[] = [];
  let seed = options.seed ?? 7;
  for (const [dx, dy, x0, y0] of passes) {
    const columns = Math.ceil((width - x0!) / dx!);
    const count = Math.ceil((height - y0!) / dy!);
    if (columns <= 0 || count <= 0) continue;
    // Every filter type in turn: whatever bytes come, a filter maps them to some pixels.
    for (let y = 0; y < count; y++) rows.push(y % 5, ...noise(Math.ceil((columns * bits) / 8), seed++));
  }
  const chunks = [{ type: 'IHDR', data: header }];
  if (options.palette) chunks.push({ type: 'PLTE', data: plain(options.palette) });
  if (options.transparency) chunks.push({ type: 'tRNS', data: plain(options.transparency) });
  const compressed = plain(deflateSync(Uint8Array.from(rows)));
  // Two IDAT chunks: their data are one stream.
  chunks.push({ type: 'IDAT', data: compressed.slice(0, 5) }, { type: 'IDAT', data: compressed.slice(5) });
  return writeChunks([...chunks, { type: 'IEND', data: new Uint8Array(0) }]);
}

describe('crc32', () => {
  it('gives the check value of the CRC catalogue', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('decodePng against pngjs', () => {
  const cases = [
    ...[1, 2, 4, 8, 16].map((depth) => [depth, 0, 'grey'] as const),
    ...[8, 16].map((depth) => [depth, 2, 'RGB'] as const),
    ...[1, 2, 4, 8].map((depth) => [depth, 3, 'palette'] as const),
    ...[8, 16].map((depth) => [depth, 4, 'grey and alpha'] as const),
    ...[8, 16].map((depth) => [depth, 6, 'RGBA'] as const),
  ];
  for (const interlaced of [false, true]) {
    for (const [depth, type, name] of cases) {
      it(`reads ${depth}-bit ${name}${interlaced ? ', interlaced' : ''}`, () => {
        const palette = type === 3 ? noise(3 * 2 ** depth, 3) : undefined;
        const transparency = type === 3 ? noise(2, 5) : undefined;
        const png = makePng(13, 11, depth, type, { palette, transparency, interlaced });
        const oracle = PNG.sync.read(Buffer.from(png));
        const ours = decodePng(png);
        expect([ours.width, ours.height]).toEqual([oracle.width, oracle.height]);
        // pngjs rounds 16 bits to the nearest of 8, we cut: at most one apart.
        expect(ours.data).toBeAllclose(oracle.data, { atol: depth === 16 ? 1 : 0, rtol: 0 });
      });
    }
  }

  it('makes the one transparent colour of a grey picture transparent', () => {
    const png = makePng(16, 4, 2, 0, { transparency: Uint8Array.of(0, 2) });
    const { data } = decodePng(png);
    // pngjs also blackens the transparent pixels; the specification leaves their colour alone, as we do.
    const visible = data.map((value, i) => (data[i | 3] === 0 ? 0 : value));
    expect(visible).toBeAllclose(PNG.sync.read(Buffer.from(png)).data, { atol: 0, rtol: 0 });
    expect(new Set(data.filter((_, i) => i % 4 === 3))).toEqual(new Set([0, 255]));
  });
});

describe('encodeGreyPng', () => {
  it('is read back by pngjs, byte for byte', () => {
    const grey = noise(17 * 9);
    const oracle = PNG.sync.read(Buffer.from(encodeGreyPng(17, 9, grey)));
    expect([oracle.width, oracle.height]).toEqual([17, 9]);
    expect(Uint8Array.from(oracle.data.filter((_, i) => i % 4 === 0))).toEqual(grey);
  });

  it('writes 8 bits a pixel, one sample', () => {
    const [header, pixels] = [...readChunks(encodeGreyPng(5, 3, noise(15)))];
    expect([...header!.data.subarray(8)]).toEqual([8, 0, 0, 0, 0]);
    expect(inflateSync(pixels!.data).length).toBe(3 * 6);
  });

  it('refuses data of another size', () => {
    expect(() => encodeGreyPng(4, 4, new Uint8Array(15))).toThrow('need 16 bytes, got 15');
  });
});

describe('damaged files', () => {
  const png = encodeGreyPng(17, 9, noise(17 * 9));

  it('names a wrong checksum and where', () => {
    const damaged = png.slice();
    damaged[45]! ^= 1;
    expect(() => decodePng(damaged)).toThrow('its IDAT chunk at byte 33 is damaged');
  });

  it('says where a truncated file ends', () => {
    expect(() => decodePng(png.slice(0, 60))).toThrow('cut short at byte 60');
  });

  it('refuses other files, oversized ones and missing pixels', () => {
    expect(() => decodePng(noise(64))).toThrow('does not begin like a PNG');
    expect(() => decodePng(makeHeaderOnly(60_000, 60_000))).toThrow('60000 × 60000');
    expect(() => decodePng(makeHeaderOnly(8, 8))).toThrow('pixel data');
  });

  it('stops a decompression bomb at the size that the header promises', () => {
    const header = [...readChunks(encodeGreyPng(8, 8, noise(64)))][0]!;
    const bomb = writeChunks([
      header,
      { type: 'IDAT', data: deflateSync(new Uint8Array(20_000_000)) },
      { type: 'IEND', data: new Uint8Array(0) },
    ]);
    const { data } = decodePng(bomb);
    expect(data.length).toBe(4 * 64);
  });

  function makeHeaderOnly(width: number, height: number) {
    const header = new Uint8Array(13);
    new DataView(header.buffer).setUint32(0, width);
    new DataView(header.buffer).setUint32(4, height);
    header[8] = 8;
    return writeChunks([
      { type: 'IHDR', data: header },
      { type: 'IDAT', data: deflateSync(new Uint8Array(3)) },
      { type: 'IEND', data: new Uint8Array(0) },
    ]);
  }
});
