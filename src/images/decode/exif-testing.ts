/** What EXIF data for a test say, and how. */
export interface ExifToWrite {
  orientation: number;
  littleEndian?: boolean;
  /** The tag's type: 3 is a short, as it must be. */
  type?: number;
}

/** EXIF data (TIFF) with an orientation behind another tag. */
export function writeExif({
  orientation,
  littleEndian = false,
  type = 3,
}: ExifToWrite): Uint8Array<ArrayBuffer> {
  const exif = new Uint8Array(8 + 2 + 2 * 12 + 4);
  const view = new DataView(exif.buffer);
  exif.set(new TextEncoder().encode(littleEndian ? 'II' : 'MM'));
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian); // first directory
  view.setUint16(8, 2, littleEndian); // entries
  const entry = (at: number, tag: number, tagType: number, value: number) => {
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, tagType, littleEndian);
    view.setUint32(at + 4, 1, littleEndian);
    view.setUint16(at + 8, value, littleEndian);
  };
  entry(10, 0x0106, 3, 2); // PhotometricInterpretation: RGB
  entry(22, 0x0112, type, orientation);
  return exif;
}

/**
 * Put EXIF data into a WebP: the EXIF flag into its VP8X chunk (before the picture, where there is none yet), an EXIF chunk
 * behind all others.
 */
export function webpWithExif(
  webp: Uint8Array,
  exif: Uint8Array,
  width: number,
  height: number,
): Uint8Array<ArrayBuffer> {
  const u32 = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);
  const u24 = (value: number) => u32(value).slice(0, 3);
  const ascii = (text: string) => [...new TextEncoder().encode(text)];
  const chunks = [...webp.subarray(12)];
  const extended = new TextDecoder('latin1').decode(webp.subarray(12, 16)) === 'VP8X';
  if (!extended)
    chunks.unshift(...ascii('VP8X'), ...u32(10), 0, 0, 0, 0, ...u24(width - 1), ...u24(height - 1));
  chunks[8]! |= 0b1000;
  const body = [
    ...ascii('WEBP'),
    ...chunks,
    ...[...ascii('EXIF'), ...u32(exif.length), ...exif],
    ...Array<number>(exif.length & 1).fill(0),
  ];
  return Uint8Array.from([...ascii('RIFF'), ...u32(body.length), ...body]);
}

/** Put EXIF data into a JPEG, as its first segment. */
export function jpegWithExif(jpeg: Uint8Array, exif: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = 2 + 6 + exif.length;
  const marker = [0xff, 0xe1, length >> 8, length & 255, ...new TextEncoder().encode('Exif\0\0')];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...marker, ...exif, ...jpeg.subarray(2)]);
}
