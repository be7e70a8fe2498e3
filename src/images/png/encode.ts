import { zlibSync } from 'fflate';
import { writeChunks } from './chunks.ts';

/**
 * An 8-bit greyscale PNG, lossless. Each scanline is stored as its difference to the one above, which for
 * masks is nearly all zeros.
 *
 * @param data `width × height` bytes, row-major
 */
export function encodeGreyPng(width: number, height: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  if (data.length !== width * height) {
    throw new RangeError(`${width} × ${height} pixels need ${width * height} bytes, got ${data.length}`);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits a sample; colour type 0 (grey), no interlacing

  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    const row = y * (width + 1);
    rows[row] = 2; // the filter "Up"
    for (let x = 0; x < width; x++) {
      rows[row + 1 + x] = data[y * width + x]! - (y > 0 ? data[(y - 1) * width + x]! : 0);
    }
  }
  return writeChunks([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: zlibSync(rows, { level: 6 }) },
    { type: 'IEND', data: new Uint8Array(0) },
  ]);
}
