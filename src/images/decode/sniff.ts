/** What a file is, told by its first bytes; file extensions and MIME types lie. */
export type FileFormat =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'avif'
  | 'heic'
  | 'gif'
  | 'bmp'
  | 'tiff'
  | 'jxl'
  | 'svg'
  | 'pdf'
  | 'zip'
  | 'video'
  | 'html'
  | 'pointer'
  | 'unknown';

/** Formats that photos are read from. */
export type PhotoFormat = Extract<FileFormat, 'jpeg' | 'png' | 'webp' | 'avif' | 'heic'>;

const MIME: Record<PhotoFormat, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
};

/** MIME type of a photo format. */
export function mimeType(format: PhotoFormat): string {
  return MIME[format];
}

/** Whether photos are read from this format. */
export function isPhotoFormat(format: FileFormat): format is PhotoFormat {
  return format in MIME;
}

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1']);
const SIGNATURES: readonly (readonly [FileFormat, number, string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['webp', 8, 'WEBP'],
  ['gif', 0, 'GIF8'],
  ['bmp', 0, 'BM'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 4, 'JXL '],
  ['pdf', 0, '%PDF'],
  ['zip', 0, 'PK\x03\x04'],
  ['video', 0, '\x1aE\xdf\xa3'],
];

/** The format of a file from its first bytes (256 are enough, 16 for most). */
export function sniffFormat(bytes: Uint8Array): FileFormat {
  for (const [format, offset, signature] of SIGNATURES) {
    if (latin1(bytes, offset, signature.length) === signature) return format;
  }
  if (latin1(bytes, 4, 4) === 'ftyp') return sniffBrands(bytes);
  const text = latin1(bytes, 0, 256).trimStart().toLowerCase();
  if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return 'svg';
  if (/^(<!doctype html|<html|<head|<body)/.test(text)) return 'html';
  if (text.startsWith('version https://git-lfs')) return 'pointer';
  return 'unknown';
}

/** ISO base media files (HEIF, AVIF, MP4, MOV) say what they are in a list of brands. */
function sniffBrands(bytes: Uint8Array): FileFormat {
  const length = Math.min(bytes.length, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 256);
  const brands = [latin1(bytes, 8, 4)];
  for (let offset = 16; offset + 4 <= length; offset += 4) brands.push(latin1(bytes, offset, 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'avif';
  if (brands.some((brand) => HEIC_BRANDS.has(brand))) return 'heic';
  return 'video';
}

/** Bytes as Latin-1 text; shorter where the file ends. */
export function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
