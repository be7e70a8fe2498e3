import type { Pixels } from '../types.ts';

/** Colours of the test picture's quarters: top left, top right, bottom left, bottom right. */
export const QUADRANTS = {
  red: [220, 40, 40],
  green: [40, 180, 60],
  blue: [40, 70, 220],
  yellow: [230, 210, 50],
} as const;

export type QuadrantName = keyof typeof QUADRANTS;

/** The test picture on a canvas of any size. */
export function quadrantCanvas(width = 64, height = 48): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  for (const [i, [r, g, b]] of Object.values(QUADRANTS).entries()) {
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(((i % 2) * width) / 2, (Math.floor(i / 2) * height) / 2, width / 2, height / 2);
  }
  return canvas;
}

/** Names of the colours at the centres of the four quarters, in the order of QUADRANTS; "none" if none is near. */
export function readQuadrants({ width, height, data }: Pixels): (QuadrantName | 'none')[] {
  return [0, 1, 2, 3].map((i) => {
    const x = Math.floor((0.25 + 0.5 * (i % 2)) * width);
    const y = Math.floor((0.25 + 0.5 * Math.floor(i / 2)) * height);
    const at = 4 * (y * width + x);
    const near = Object.entries(QUADRANTS).find(([, colour]) =>
      colour.every((value, c) => Math.abs(value - data[at + c]!) <= 12),
    );
    return (near?.[0] as QuadrantName | undefined) ?? 'none';
  });
}

/** Put an EXIF segment (TIFF, big endian) with an orientation and a camera maker into a JPEG. */
export function withExif(jpeg: Uint8Array, orientation: number, maker = 'Familiar'): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${maker}\0`);
  const exif = new Uint8Array(6 + 8 + 2 + 2 * 12 + 4 + text.length);
  const view = new DataView(exif.buffer);
  exif.set(new TextEncoder().encode('Exif\0\0MM\0*'));
  view.setUint32(10, 8); // first directory
  view.setUint16(14, 2); // entries
  view.setUint16(16, 0x010f); // Make
  view.setUint16(18, 2); // text
  view.setUint32(20, text.length);
  view.setUint32(24, 8 + 2 + 2 * 12 + 4); // where
  view.setUint16(28, 0x0112); // Orientation
  view.setUint16(30, 3); // short
  view.setUint32(32, 1);
  view.setUint16(36, orientation);
  exif.set(text, exif.length - text.length);

  const bytes = new Uint8Array(jpeg.length + 4 + exif.length);
  bytes.set(jpeg.subarray(0, 2));
  bytes.set([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff], 2);
  bytes.set(exif, 6);
  bytes.set(jpeg.subarray(2), 6 + exif.length);
  return bytes;
}

/** Types of a JPEG's segments before the picture's data, such as "e1" for EXIF and XMP. */
export function jpegSegments(bytes: Uint8Array): string[] {
  const segments: string[] = [];
  for (let offset = 2; bytes[offset] === 0xff && bytes[offset + 1] !== 0xda; ) {
    segments.push(bytes[offset + 1]!.toString(16));
    offset += 2 + ((bytes[offset + 2]! << 8) | bytes[offset + 3]!);
  }
  return segments;
}
