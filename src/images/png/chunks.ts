import { crc32 } from './crc32.ts';

export const PNG_SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG that cannot be read; the message says at which byte and why. */
export class PngError extends Error {
  override readonly name = 'PngError';
}

export interface PngChunk {
  type: string;
  data: Uint8Array<ArrayBuffer>;
}

/** The chunks of a PNG up to IEND, each with its checksum verified. @throws PngError */
export function* readChunks(bytes: Uint8Array<ArrayBuffer>): Generator<PngChunk> {
  if (PNG_SIGNATURE.some((value, i) => bytes[i] !== value))
    throw new PngError('it does not begin like a PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = PNG_SIGNATURE.length;
  for (;;) {
    const length = offset + 12 <= bytes.length ? view.getUint32(offset) : Number.POSITIVE_INFINITY;
    const end = offset + 12 + length;
    if (end > bytes.length) throw new PngError(`it is cut short at byte ${bytes.length}`);
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new PngError(`its ${type} chunk at byte ${offset} is damaged (checksum)`);
    }
    yield { type, data: bytes.subarray(offset + 8, end - 4) };
    if (type === 'IEND') return;
    offset = end;
  }
}

/** A PNG file from its chunks. */
export function writeChunks(chunks: readonly { type: string; data: Uint8Array }[]): Uint8Array<ArrayBuffer> {
  const total = chunks.reduce((sum, { data }) => sum + 12 + data.length, PNG_SIGNATURE.length);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  bytes.set(PNG_SIGNATURE);
  let offset = PNG_SIGNATURE.length;
  for (const { type, data } of chunks) {
    view.setUint32(offset, data.length);
    for (let i = 0; i < 4; i++) bytes[offset + 4 + i] = type.charCodeAt(i);
    bytes.set(data, offset + 8);
    view.setUint32(offset + 8 + data.length, crc32(bytes.subarray(offset + 4, offset + 8 + data.length)));
    offset += 12 + data.length;
  }
  return bytes;
}
