import { boxes, descend } from './boxes.ts';
import type { ImageHeader } from './header.ts';
import { latin1 } from './sniff.ts';

/**
 * Size, animation and completeness of an AVIF or HEIC file (ISO/IEC 14496-12 boxes). The size is the largest
 * `ispe` property: a phone's picture is a grid of tiles, each with a smaller one of its own.
 */
export function readBmffHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: ImageHeader = { animated: false, complete: false };
  const top = [...boxes(bytes, view, 0, bytes.length)];
  const has = (type: string) => top.some((box) => box.type === type);
  header.animated = latin1(bytes, 8, 4) === 'avis';
  header.complete = has('meta') && has('mdat') && top.every((box) => !box.overruns);

  const properties = descend(bytes, view, top, ['meta', 'iprp', 'ipco']);
  for (const box of properties) {
    if (box.type !== 'ispe' || box.end - box.start < 12) continue;
    const width = view.getUint32(box.start + 4);
    const height = view.getUint32(box.start + 8);
    if (width * height > (header.width ?? 0) * (header.height ?? 0)) {
      header.width = width;
      header.height = height;
    }
  }
  return header;
}
