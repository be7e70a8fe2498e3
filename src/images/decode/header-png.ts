import type { ImageHeader } from './header.ts';
import { latin1 } from './sniff.ts';

/** Size, animation (APNG's acTL chunk) and completeness (IEND) of a PNG, from its chunks. */
export function readPngHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: ImageHeader = { animated: false, complete: false };
  let offset = 8;
  while (offset + 12 <= bytes.length) {
    const length = view.getUint32(offset);
    const type = latin1(bytes, offset + 4, 4);
    if (type === 'IHDR' && offset + 16 <= bytes.length) {
      header.width = view.getUint32(offset + 8);
      header.height = view.getUint32(offset + 12);
    }
    if (type === 'acTL' && offset + 12 <= bytes.length) header.animated = view.getUint32(offset + 8) > 1;
    if (type === 'IEND') header.complete = true;
    offset += 12 + length;
  }
  return header;
}
