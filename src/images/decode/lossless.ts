import { latin1, type PhotoFormat } from './sniff.ts';

/** Whether a file's pixels are those that were saved: PNG, and WebP whose picture is a VP8L chunk (RFC 9649). */
export function isLossless(bytes: Uint8Array<ArrayBuffer>, format: PhotoFormat): boolean {
  if (format === 'png') return true;
  if (format !== 'webp') return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const chunk = latin1(bytes, offset, 4);
    if (chunk === 'VP8L') return true;
    if (chunk === 'VP8 ') return false;
    const length = view.getUint32(offset + 4, true);
    offset += 8 + length + (length & 1);
  }
  return false;
}
