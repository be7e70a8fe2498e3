import { ImageFileError } from './errors.ts';
import { type ImageHeader, readImageHeader } from './header.ts';
import { MAX_FILE_BYTES, MAX_PIXELS } from './limits.ts';
import { type FileFormat, isPhotoFormat, type PhotoFormat } from './sniff.ts';

const SAVE_AS = 'Save it as a JPEG or PNG and add that instead';
const UNSUPPORTED: Partial<Record<FileFormat, readonly [problem: string, remedy: string]>> = {
  bmp: ['is a BMP picture, which is not read here', SAVE_AS],
  tiff: ['is a TIFF or camera RAW file, which is not read here', 'Export it as a JPEG and add that instead'],
  jxl: ['is a JPEG XL picture, which is not read here', SAVE_AS],
  svg: ['is a drawing (SVG), not a photo', 'Export it as a PNG and add that instead'],
  pdf: ['is a PDF document, not a photo', 'Save the picture inside it as a JPEG and add that'],
  html: ['is a web page, not a picture', 'Open its address in a browser and save the picture itself'],
  pointer: [
    'is a pointer of Git LFS, not the picture itself',
    'Fetch the pictures with `git lfs pull` and add them again',
  ],
  video: ['is a video, not a photo', 'Take still pictures from it and add those'],
  zip: [
    'is a zip archive, not a photo',
    'Unpack it and add the photos, or import it if it is an exported subject',
  ],
};

/** Refuse a file by its size alone, before a byte of it is read. */
export function refuseBySize(fileName: string, byteLength: number): void {
  if (byteLength === 0) {
    throw new ImageFileError(fileName, 'is empty (0 bytes)', 'Copy it again from the camera or phone');
  }
  if (byteLength > MAX_FILE_BYTES) {
    throw new ImageFileError(
      fileName,
      `is ${Math.round(byteLength / 1e6)} MB; the limit is ${MAX_FILE_BYTES / 1e6} MB a file`,
      'Export a smaller copy (2,048 pixels on the longest side is enough) and add that',
    );
  }
}

/** Refuse a picture by its number of pixels. */
export function refuseByPixels(fileName: string, width: number, height: number): void {
  if (width * height > MAX_PIXELS) {
    throw new ImageFileError(
      fileName,
      `is ${width} × ${height}, ${Math.round((width * height) / 1e6)} megapixels; the limit is ${MAX_PIXELS / 1e6}`,
      'Export a smaller copy (2,048 pixels on the longest side is enough) and add that',
    );
  }
}

/**
 * Read the header and refuse, by name, everything that is not one complete still photo of a bearable size.
 * @throws ImageFileError
 */
export function refuseByHeader(
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
): ImageHeader & { format: PhotoFormat } {
  const { format, ...header } = readImageHeader(bytes);
  if (!isPhotoFormat(format)) {
    if (format === 'gif') {
      const kind = header.animated ? 'an animated GIF' : 'a GIF picture';
      throw new ImageFileError(
        fileName,
        `is ${kind}, not a photo`,
        'Save one frame as a PNG and add that instead',
      );
    }
    const [problem, remedy] = UNSUPPORTED[format] ?? [
      'is not a picture',
      'Choose a JPEG, PNG, WebP, AVIF or HEIC file',
    ];
    throw new ImageFileError(fileName, problem, remedy);
  }
  if (header.width !== undefined && header.height !== undefined) {
    refuseByPixels(fileName, header.width, header.height);
  }
  if (header.animated) {
    throw new ImageFileError(
      fileName,
      'is animated, not a still photo',
      'Save one frame as a PNG and add that instead',
    );
  }
  if (!header.complete) {
    throw new ImageFileError(
      fileName,
      `is cut short: the file ends before the picture does (${bytes.length} bytes)`,
      'Copy it again from the camera or phone, or open and save it in a photo program',
    );
  }
  return { ...header, format };
}
