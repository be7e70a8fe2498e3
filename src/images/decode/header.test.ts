import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { PNG_SIGNATURE } from '../png/chunks.ts';
import { readImageHeader } from './header.ts';
import { fitWithin } from './limits.ts';
import { refuseByHeader, refuseBySize } from './refuse.ts';
import { sniffFormat } from './sniff.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const concat = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const testdata = (name: string) => new Uint8Array(readFileSync(join(import.meta.dirname, 'testdata', name)));
const u16 = (value: number) => [value >> 8, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const u32le = (value: number) => u32(value).reverse();

/** A JPEG's skeleton: a thumbnail-bearing APP1, the frame header, a scan with stuffed bytes and a restart, the end. */
function jpeg(width: number, height: number, frameMarker = 0xc2): Uint8Array<ArrayBuffer> {
  const thumbnail = [0xff, 0xd8, 0xff, 0xc0, ...u16(11), 8, ...u16(1), ...u16(1), 0xff, 0xd9];
  return concat(
    [0xff, 0xd8],
    [0xff, 0xe1, ...u16(2 + thumbnail.length), ...thumbnail],
    [0xff, 0xff, frameMarker, ...u16(11), 8, ...u16(height), ...u16(width), 1, 1, 0x11, 0],
    [0xff, 0xda, ...u16(8), 1, 1, 0, 0, 0x3f, 0],
    [1, 2, 0xff, 0x00, 3, 0xff, 0xd0, 4, 5],
    [0xff, 0xd9],
  );
}

function gif(frames: number): Uint8Array<ArrayBuffer> {
  const frame = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  const palette = [0, 0, 0, 255, 255, 255];
  return concat(ascii('GIF89a'), [1, 0, 1, 0, 0x80, 0, 0], palette, ...Array(frames).fill(frame), [0x3b]);
}

/** A WebP's skeleton with the given first chunk; `body` starts after the chunk's length. */
function webp(chunk: string, body: number[]): Uint8Array<ArrayBuffer> {
  const payload = concat(ascii(`WEBP${chunk}`), u32le(body.length), body);
  return concat(ascii('RIFF'), u32le(payload.length), payload);
}

describe('sniffFormat', () => {
  it.each([
    ['jpeg', jpeg(2, 2)],
    ['png', concat(PNG_SIGNATURE, [0, 0])],
    ['gif', gif(1)],
    ['webp', webp('VP8L', [0x2f, 0, 0, 0, 0])],
    ['heic', testdata('quadrants.heic')],
    ['avif', testdata('quadrants.avif')],
    ['heic', concat(u32(16), ascii('ftypmif1'), u32(0))],
    ['avif', concat(u32(24), ascii('ftypmif1'), u32(0), ascii('miafavif'))],
    ['video', concat(u32(20), ascii('ftypqt  '), u32(0), ascii('qt  '))],
    ['tiff', ascii('II*\0abcd')],
    ['pdf', ascii('%PDF-1.7')],
    ['svg', ascii('  <?xml version="1.0"?>\n<svg xmlns=""></svg>')],
    ['zip', ascii('PK\x03\x04....')],
    ['html', ascii('\r\n<!DOCTYPE html><html></html>')],
    ['pointer', ascii('version https://git-lfs.github.com/spec/v1\noid sha256:0')],
    ['unknown', ascii('hello')],
    ['unknown', new Uint8Array(0)],
  ] as const)('knows %s', (format, bytes) => {
    expect(sniffFormat(bytes)).toBe(format);
  });
});

describe('readImageHeader', () => {
  it('reads a JPEG’s size from its frame, not from the thumbnail’s', () => {
    for (const marker of [0xc0, 0xc1, 0xc2]) {
      expect(readImageHeader(jpeg(4032, 3024, marker))).toEqual({
        format: 'jpeg',
        width: 4032,
        height: 3024,
        animated: false,
        complete: true,
      });
    }
  });

  it('sees that a JPEG is cut short, wherever', () => {
    const whole = jpeg(300, 200);
    for (let length = 4; length < whole.length; length++) {
      expect(readImageHeader(whole.slice(0, length)).complete, `${length} bytes`).toBe(false);
    }
  });

  it('reads PNG sizes, animation and end', () => {
    const still = new Uint8Array(PNG.sync.write(new PNG({ width: 7, height: 5 })));
    expect(readImageHeader(still)).toMatchObject({ width: 7, height: 5, animated: false, complete: true });
    expect(readImageHeader(still.slice(0, -5)).complete).toBe(false);
    const actl = concat(u32(8), ascii('acTL'), u32(3), u32(0), u32(0));
    expect(readImageHeader(concat(still.slice(0, 33), actl, still.slice(33))).animated).toBe(true);
  });

  it('reads the three kinds of WebP', () => {
    const lossy = [0, 0, 0, 0x9d, 0x01, 0x2a, ...u16(640).reverse(), ...u16(480).reverse(), 0, 0];
    expect(readImageHeader(webp('VP8 ', lossy))).toMatchObject({ width: 640, height: 480, animated: false });
    const packed = (639 | (479 << 14)) >>> 0;
    const lossless = [0x2f, ...u32le(packed), 0, 0, 0, 0, 0];
    expect(readImageHeader(webp('VP8L', lossless))).toMatchObject({
      width: 640,
      height: 480,
      complete: true,
    });
    const extended = [0b10, 0, 0, 0, 0x7f, 0x02, 0, 0xdf, 0x01, 0];
    const animation = webp('VP8X', extended);
    expect(readImageHeader(animation)).toMatchObject({ width: 640, height: 480, animated: true });
    expect(readImageHeader(concat(animation).slice(0, -1)).complete).toBe(false);
  });

  it('counts GIF frames', () => {
    expect(readImageHeader(gif(1)).animated).toBe(false);
    expect(readImageHeader(gif(3)).animated).toBe(true);
  });

  it('reads HEIC and AVIF sizes (of the whole picture, not of its 64 × 64 tile) and ends', () => {
    for (const name of ['quadrants.heic', 'quadrants.avif']) {
      const bytes = testdata(name);
      const header = readImageHeader(bytes);
      expect(header, name).toMatchObject({ animated: false, complete: true });
      expect(readImageHeader(bytes.slice(0, -10)).complete, name).toBe(false);
      expect(readImageHeader(bytes.slice(0, 40)).complete, name).toBe(false);
    }
    expect(readImageHeader(testdata('quadrants.avif'))).toMatchObject({ width: 64, height: 48 });
  });
});

describe('refusals', () => {
  const refusal = (bytes: Uint8Array<ArrayBuffer>) => () => refuseByHeader('x.jpg', bytes);

  it('name the file, what it is and what to do', () => {
    expect(refusal(gif(2))).toThrow('x.jpg is an animated GIF, not a photo.');
    expect(refusal(gif(1))).toThrow('x.jpg is a GIF picture');
    expect(refusal(ascii('hello world'))).toThrow('x.jpg is not a picture.');
    expect(refusal(concat(u32(20), ascii('ftypisom'), u32(0)))).toThrow('x.jpg is a video');
    expect(refusal(ascii('MM\0*'))).toThrow('camera RAW');
    expect(refusal(jpeg(3, 3).slice(0, -1))).toThrow(
      'x.jpg is cut short: the file ends before the picture does',
    );
    expect(refusal(webp('VP8X', [2, 0, 0, 0, 9, 0, 0, 9, 0, 0]))).toThrow('x.jpg is animated');
  });

  it('tell huge pictures by their header, before they are decoded', () => {
    expect(refusal(jpeg(12_000, 9_000))).toThrow('x.jpg is 12000 × 9000, 108 megapixels; the limit is 100.');
    expect(refusal(jpeg(10_000, 10_000))).not.toThrow();
  });

  it('tell empty and huge files by their size alone', () => {
    expect(() => refuseBySize('x.jpg', 0)).toThrow('x.jpg is empty (0 bytes).');
    expect(() => refuseBySize('x.jpg', 90e6)).toThrow('x.jpg is 90 MB; the limit is 80 MB a file.');
    expect(() => refuseBySize('x.jpg', 80e6)).not.toThrow();
  });
});

describe('fitWithin', () => {
  it('scales the longest side down and never up', () => {
    expect(fitWithin(4032, 3024, 2048)).toEqual({ width: 2048, height: 1536 });
    expect(fitWithin(100, 5000, 2048)).toEqual({ width: 41, height: 2048 });
    expect(fitWithin(10_000, 2, 2048)).toEqual({ width: 2048, height: 1 });
    expect(fitWithin(640, 480, 2048)).toEqual({ width: 640, height: 480 });
  });
});
