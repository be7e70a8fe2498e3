import type { ImageHeader } from './header.ts';
import { latin1 } from './sniff.ts';

/** Size, animation flag and completeness of a WebP, from its RIFF chunks (RFC 9649). */
export function readWebpHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: ImageHeader = { animated: false, complete: false };
  if (bytes.length < 30) return header;
  header.complete = 8 + view.getUint32(4, true) <= bytes.length;
  const chunk = latin1(bytes, 12, 4);
  if (chunk === 'VP8X') {
    header.animated = (bytes[20]! & 0b10) !== 0;
    header.width = 1 + uint24(bytes, 24);
    header.height = 1 + uint24(bytes, 27);
  } else if (chunk === 'VP8L') {
    const packed = view.getUint32(21, true);
    header.width = 1 + (packed & 0x3fff);
    header.height = 1 + ((packed >>> 14) & 0x3fff);
  } else if (chunk === 'VP8 ') {
    header.width = view.getUint16(26, true) & 0x3fff;
    header.height = view.getUint16(28, true) & 0x3fff;
  }
  return header;
}

function uint24(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16);
}
