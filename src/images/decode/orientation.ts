import { latin1, type PhotoFormat } from './sniff.ts';
import type { Orientation } from './turn.ts';

/** A file without its orientation, and what it was. */
export interface TakenOrientation {
  bytes: Uint8Array<ArrayBuffer>;
  orientation: Orientation;
}

/**
 * Take the EXIF orientation out of a PNG (chunk eXIf) or a WebP (chunk EXIF), so that it can be applied here: some browsers
 * apply it, some do not. All of them apply a JPEG's, and the rotation and mirroring that AVIF and HEIC have instead (their
 * EXIF orientation is to be ignored), so for those nothing is taken. EXIF that is damaged is passed over.
 */
export function takeOrientation(bytes: Uint8Array<ArrayBuffer>, format: PhotoFormat): TakenOrientation {
  const upright: TakenOrientation = { bytes, orientation: 1 };
  const exif = format === 'png' ? findInPng(bytes) : format === 'webp' ? findInWebp(bytes) : undefined;
  if (!exif) return upright;
  const value = findOrientation(bytes.subarray(exif.start, exif.end));
  if (!value) return upright;
  if (format === 'png') {
    // Without the whole chunk (its length, name and checksum): a changed one would need another checksum.
    const rest = new Uint8Array(bytes.length - (exif.end - exif.start) - 12);
    rest.set(bytes.subarray(0, exif.start - 8));
    rest.set(bytes.subarray(exif.end + 4), exif.start - 8);
    return { bytes: rest, orientation: value.orientation };
  }
  const changed = bytes.slice();
  new DataView(changed.buffer).setUint16(exif.start + value.offset, 1, value.littleEndian);
  return { bytes: changed, orientation: value.orientation };
}

interface Span {
  start: number;
  end: number;
}

function findInPng(bytes: Uint8Array<ArrayBuffer>): Span | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 8; offset + 12 <= bytes.length; ) {
    const end = offset + 8 + view.getUint32(offset);
    if (latin1(bytes, offset + 4, 4) === 'eXIf' && end + 4 <= bytes.length) return { start: offset + 8, end };
    offset = end + 4;
  }
  return undefined;
}

function findInWebp(bytes: Uint8Array<ArrayBuffer>): Span | undefined {
  if (latin1(bytes, 12, 4) !== 'VP8X') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const length = view.getUint32(offset + 4, true);
    const end = offset + 8 + length;
    if (latin1(bytes, offset, 4) === 'EXIF' && end <= bytes.length) return { start: offset + 8, end };
    // Chunks are padded to an even length.
    offset = end + (length & 1);
  }
  return undefined;
}

/** Where EXIF data (TIFF, in either byte order) have the orientation; undefined where they have none or are damaged. */
function findOrientation(
  exif: Uint8Array<ArrayBuffer>,
): { orientation: Orientation; offset: number; littleEndian: boolean } | undefined {
  // Some programs put JPEG's "Exif\0\0" before it in other formats too.
  const base = latin1(exif, 0, 6) === 'Exif\0\0' ? 6 : 0;
  const order = latin1(exif, base, 4);
  const littleEndian = order === 'II*\0';
  if (!littleEndian && order !== 'MM\0*') return undefined;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (base + 8 > exif.length) return undefined;
  const directory = base + view.getUint32(base + 4, littleEndian);
  if (directory + 2 > exif.length) return undefined;
  const entries = view.getUint16(directory, littleEndian);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > exif.length) return undefined;
    if (view.getUint16(entry, littleEndian) !== 0x0112) continue;
    const isShort = view.getUint16(entry + 2, littleEndian) === 3;
    const value = view.getUint16(entry + 8, littleEndian);
    if (!isShort || value < 1 || value > 8) return undefined;
    return { orientation: value as Orientation, offset: entry + 8, littleEndian };
  }
  return undefined;
}
