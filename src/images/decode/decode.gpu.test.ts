import { describe, expect, it } from 'vitest';
import { readChunks, writeChunks } from '../png/chunks.ts';
import { decodeImage } from './decode.ts';
import { encodeImage } from './encode.ts';
import { ImageFileError } from './errors.ts';
import { jpegWithExif, webpWithExif, writeExif } from './exif-testing.ts';
import { jpegSegments, type QuadrantName, quadrantCanvas, readQuadrants, withExif } from './testing.ts';

const upright: QuadrantName[] = ['red', 'green', 'blue', 'yellow'];

async function testdata(name: string): Promise<Blob> {
  const response = await fetch(new URL(`./testdata/${name}`, import.meta.url));
  expect(response.ok, name).toBe(true);
  return response.blob();
}

/** Ids of a HEIC's pictures: its entries of type hvc1, of version 2. */
function heicItems(bytes: Uint8Array<ArrayBuffer>): number[] {
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(/infe/g)]
    .filter(({ index }) => text.slice(index + 12, index + 16) === 'hvc1')
    .map(({ index }) => (bytes[index + 8]! << 8) | bytes[index + 9]!);
}

const canvasJpeg = async (width = 64, height = 48) =>
  (await quadrantCanvas(width, height).convertToBlob({ type: 'image/jpeg', quality: 0.95 })).bytes();

describe('decodeImage', () => {
  it.each(['image/jpeg', 'image/png', 'image/webp'])('reads %s', async (type) => {
    const file = await quadrantCanvas().convertToBlob({ type, quality: 0.95 });
    // A wrong type and no name to go by: the content decides.
    const decoded = await decodeImage(new Blob([file], { type: 'text/plain' }), 'file');
    expect(decoded).toMatchObject({ format: type.slice(6), sourceWidth: 64, sourceHeight: 48 });
    expect(readQuadrants(decoded.pixels)).toEqual(upright);
  });

  it.each(['quadrants.avif', 'quadrants.heic'])('reads %s', async (name) => {
    const decoded = await decodeImage(await testdata(name), name);
    expect(decoded).toMatchObject({ format: name.slice(10), sourceWidth: 64, sourceHeight: 48 });
    expect(readQuadrants(decoded.pixels)).toEqual(upright);
  });

  it('turns a HEIC upright that says how it lies', async () => {
    const decoded = await decodeImage(await testdata('quadrants-turned.heic'), 'turned.heic');
    expect(decoded).toMatchObject({ sourceWidth: 48, sourceHeight: 64 });
    expect(readQuadrants(decoded.pixels)).toEqual(['green', 'yellow', 'red', 'blue']);
  });

  // EXIF 2.32, tag 0x0112: which corner of the scene the stored rows and columns begin at.
  const orientations: [number, QuadrantName[]][] = [
    [1, ['red', 'green', 'blue', 'yellow']],
    [2, ['green', 'red', 'yellow', 'blue']],
    [3, ['yellow', 'blue', 'green', 'red']],
    [4, ['blue', 'yellow', 'red', 'green']],
    [5, ['red', 'blue', 'green', 'yellow']],
    [6, ['blue', 'red', 'yellow', 'green']],
    [7, ['yellow', 'green', 'blue', 'red']],
    [8, ['green', 'yellow', 'red', 'blue']],
  ];
  it.each(
    orientations,
  )('honours EXIF orientation %i in every format and byte order', async (orientation, corners) => {
    const canvas = quadrantCanvas();
    const [jpeg, png, webp] = await Promise.all(
      ['image/jpeg', 'image/png', 'image/webp'].map(async (type) =>
        (await canvas.convertToBlob({ type, quality: 0.95 })).bytes(),
      ),
    );
    for (const littleEndian of [false, true]) {
      const exif = writeExif({ orientation, littleEndian });
      const chunks = [...readChunks(png!)];
      const files = {
        jpeg: jpegWithExif(jpeg!, exif),
        png: writeChunks([...chunks.slice(0, 1), { type: 'eXIf', data: exif }, ...chunks.slice(1)]),
        webp: webpWithExif(webp!, exif, 64, 48),
      };
      for (const [format, file] of Object.entries(files)) {
        const decoded = await decodeImage(new Blob([file]), 'turned');
        const [width, height] = orientation >= 5 ? [48, 64] : [64, 48];
        expect(decoded).toMatchObject({ format, sourceWidth: width, sourceHeight: height });
        expect([decoded.pixels.width, decoded.pixels.height]).toEqual([width, height]);
        expect(readQuadrants(decoded.pixels), `${format}, little endian ${littleEndian}`).toEqual(corners);
      }
    }
  });

  it.each([
    ['quadrants-turned.avif', [48, 64], ['green', 'yellow', 'red', 'blue']],
    ['quadrants-mirrored.avif', [64, 48], ['blue', 'yellow', 'red', 'green']],
    ['quadrants-turned-mirrored.avif', [48, 64], ['yellow', 'green', 'blue', 'red']],
  ])('turns and mirrors %s as it says', async (name, [width, height], corners) => {
    const { pixels } = await decodeImage(await testdata(name), name);
    expect([pixels.width, pixels.height]).toEqual([width, height]);
    expect(readQuadrants(pixels)).toEqual(corners);
  });

  it('passes over EXIF that is damaged', async () => {
    const webp = await (await quadrantCanvas().convertToBlob({ type: 'image/webp' })).bytes();
    for (const exif of [writeExif({ orientation: 6 }).slice(0, 20), writeExif({ orientation: 77 })]) {
      const { pixels } = await decodeImage(new Blob([webpWithExif(webp, exif, 64, 48)]), 'a.webp');
      expect(readQuadrants(pixels)).toEqual(upright);
    }
  });

  it('reads the primary picture of a HEIC that holds several', async () => {
    const bytes = await (await testdata('three.heic')).bytes();
    const at = new TextDecoder('latin1').decode(bytes).indexOf('pitm') + 8;
    const view = new DataView(bytes.buffer);
    const seen: string[] = [];
    for (const id of heicItems(bytes)) {
      view.setUint16(at, id);
      seen.push(readQuadrants((await decodeImage(new Blob([bytes]), 'three.heic')).pixels).join(' '));
    }
    expect(seen).toEqual(['red red red red', 'green green green green', 'red green blue yellow']);
  });

  it.each(orientations)('honours EXIF orientation %i of a camera’s JPEG', async (orientation, corners) => {
    const { pixels } = await decodeImage(new Blob([withExif(await canvasJpeg(), orientation)]), 'turned.jpg');
    expect([pixels.width, pixels.height]).toEqual(orientation >= 5 ? [48, 64] : [64, 48]);
    expect(readQuadrants(pixels)).toEqual(corners);
  });

  it('scales large pictures down, averaging all that is there', async () => {
    // One-pixel stripes: skipping any would leave light or dark bands instead of grey.
    const canvas = new OffscreenCanvas(1200, 900);
    const context = canvas.getContext('2d')!;
    context.fillStyle = 'white';
    context.fillRect(0, 0, 1200, 900);
    context.fillStyle = 'black';
    for (let x = 0; x < 1200; x += 2) context.fillRect(x, 0, 1, 900);
    const decoded = await decodeImage(await canvas.convertToBlob({ type: 'image/png' }), 'stripes.png', {
      maxSide: 280,
    });
    expect(decoded).toMatchObject({
      sourceWidth: 1200,
      sourceHeight: 900,
      pixels: { width: 280, height: 210 },
    });
    const grey = decoded.pixels.data.filter((_, i) => i % 4 === 0);
    expect(Math.min(...grey)).toBeGreaterThan(118);
    expect(Math.max(...grey)).toBeLessThan(138);
  });

  it('keeps corners in place when it scales', async () => {
    const jpeg = new Blob([withExif(await canvasJpeg(640, 480), 6)]);
    const decoded = await decodeImage(jpeg, 'turned.jpg', { maxSide: 100 });
    expect(decoded).toMatchObject({
      sourceWidth: 480,
      sourceHeight: 640,
      pixels: { width: 75, height: 100 },
    });
    expect(readQuadrants(decoded.pixels)).toEqual(['blue', 'red', 'yellow', 'green']);
  });

  it('names damaged files and says what to do', async () => {
    // Well-formed chunks around pixel data that are none.
    const chunks = [...readChunks(await (await quadrantCanvas().convertToBlob()).bytes())];
    const png = writeChunks(
      chunks.map((chunk) => (chunk.type === 'IDAT' ? { ...chunk, data: new Uint8Array(50) } : chunk)),
    );
    const error = await decodeImage(new Blob([png]), 'broken.png').catch((reason) => reason);
    expect(error).toBeInstanceOf(ImageFileError);
    expect(error.message).toBe('broken.png looks like a PNG picture but cannot be decoded.');
    expect(error.remedy).toContain('damaged');

    const heic = await (await testdata('quadrants.heic')).bytes();
    // The decoder's configuration: without it there is nothing that the decoder could make up for.
    const hvcC = new TextDecoder('latin1').decode(heic).indexOf('hvcC') + 4;
    heic.fill(0, hvcC, hvcC + 110);
    await expect(decodeImage(new Blob([heic]), 'broken.heic')).rejects.toThrow(
      'broken.heic looks like a HEIC',
    );
    // The decoder is still there for the next file.
    expect(readQuadrants((await decodeImage(await testdata('quadrants.heic'), 'a.heic')).pixels)).toEqual(
      upright,
    );
  });

  it('names a file that is gone from the disk', async () => {
    const gone = new Blob(['x']);
    gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    await expect(decodeImage(gone, 'gone.jpg')).rejects.toThrow('gone.jpg could not be read from the disk.');
  });
});

describe('encodeImage', () => {
  it('writes no metadata', async () => {
    const { pixels } = await decodeImage(
      new Blob([withExif(await canvasJpeg(), 6, 'Secret camera')]),
      'a.jpg',
    );
    const jpeg = await (await encodeImage(pixels, 'image/jpeg')).bytes();
    // APP0 is JFIF, APP2 (in Chromium) the sRGB colour profile; EXIF and XMP would be APP1, IPTC APP13.
    const segments = jpegSegments(jpeg);
    expect(segments).toContain('e0');
    expect(segments.filter((type) => type.startsWith('e') && type !== 'e0' && type !== 'e2')).toEqual([]);
    expect(new TextDecoder('latin1').decode(jpeg)).not.toContain('Secret camera');
  });

  it('writes PNG without loss', async () => {
    const data = Uint8ClampedArray.from({ length: 4 * 30 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) & 255));
    const blob = await encodeImage({ width: 6, height: 5, data }, 'image/png');
    expect((await decodeImage(blob, 'a.png')).pixels).toEqual({ width: 6, height: 5, data });
  });
});
