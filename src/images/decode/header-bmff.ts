import type { ImageHeader } from './header.ts';
import { latin1 } from './sniff.ts';

interface Box {
  type: string;
  /** Byte range of the content, without the box's own header. */
  start: number;
  end: number;
  /** The box claims more bytes than there are. */
  overruns: boolean;
}

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

function descend(bytes: Uint8Array, view: DataView, top: Box[], path: readonly string[]): Box[] {
  let level = top;
  for (const type of path) {
    const box = level.find((candidate) => candidate.type === type);
    if (!box) return [];
    // `meta` is a full box: four bytes of version and flags come before its children.
    level = [...boxes(bytes, view, box.start + (type === 'meta' ? 4 : 0), box.end)];
  }
  return level;
}

function* boxes(bytes: Uint8Array, view: DataView, from: number, to: number): Generator<Box> {
  let offset = from;
  while (offset + 8 <= to) {
    let size = view.getUint32(offset);
    let headerSize = 8;
    if (size === 1 && offset + 16 <= to) {
      size = Number(view.getBigUint64(offset + 8));
      headerSize = 16;
    } else if (size === 0) size = to - offset;
    if (size < headerSize) {
      yield { type: 'damaged', start: offset, end: to, overruns: true };
      return;
    }
    yield {
      type: latin1(bytes, offset + 4, 4),
      start: offset + headerSize,
      end: Math.min(offset + size, to),
      overruns: offset + size > to,
    };
    offset += size;
  }
}
