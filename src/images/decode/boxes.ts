import { latin1 } from './sniff.ts';

/** A box of an ISO base media file (ISO/IEC 14496-12). */
export interface Box {
  type: string;
  /** Byte range of the content, without the box's own header. */
  start: number;
  end: number;
  /** The box claims more bytes than there are. */
  overruns: boolean;
}

/** The boxes inside the box that a path of types leads to; none where there is no such box. */
export function descend(bytes: Uint8Array, view: DataView, top: Box[], path: readonly string[]): Box[] {
  let level = top;
  for (const type of path) {
    const box = level.find((candidate) => candidate.type === type);
    if (!box) return [];
    // `meta` is a full box: four bytes of version and flags come before its children.
    level = [...boxes(bytes, view, box.start + (type === 'meta' ? 4 : 0), box.end)];
  }
  return level;
}

/** The boxes of a byte range, one after the other. */
export function* boxes(bytes: Uint8Array, view: DataView, from: number, to: number): Generator<Box> {
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
