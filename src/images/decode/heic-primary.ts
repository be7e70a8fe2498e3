import { type Box, boxes, descend } from './boxes.ts';

/**
 * A HEIC file (ISO/IEC 23008-12) in which every item but the primary one is hidden. A file may hold several pictures (a
 * burst, an edited picture with its original), of which `pitm` says which one to show; heic-to takes the first that is not
 * hidden (libheif's top-level images). Hidden items are still found by the pictures that are made of them: tiles,
 * thumbnails, alpha, depth. A file whose boxes cannot be followed is left as it is.
 */
export function showPrimaryOnly(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = descend(bytes, view, [...boxes(bytes, view, 0, bytes.length)], ['meta']);
  const primary = meta.find(({ type }) => type === 'pitm');
  const list = meta.find(({ type }) => type === 'iinf');
  if (!primary || !list || list.end - list.start < 6) return bytes;
  const primaryId = readId(view, primary, view.getUint8(primary.start) > 0);
  // The list is a full box: version, flags and a number of entries of 16 or 32 bits come before its boxes.
  const entries = list.start + (view.getUint8(list.start) === 0 ? 6 : 8);
  const items = [...boxes(bytes, view, entries, list.end)].flatMap((box) => {
    const version = box.end > box.start ? view.getUint8(box.start) : 0;
    if (box.type !== 'infe' || version < 2) return [];
    return [{ id: readId(view, box, version > 2), flags: box.start + 3 }];
  });
  if (primaryId === undefined || !items.some(({ id }) => id === primaryId)) return bytes;
  const shown = bytes.slice();
  for (const { id, flags } of items) shown[flags] = id === primaryId ? shown[flags]! & ~1 : shown[flags]! | 1;
  return shown;
}

/** The item that a full box begins with, after its version and flags. */
function readId(view: DataView, { start, end }: Box, wide: boolean): number | undefined {
  if (start + (wide ? 8 : 6) > end) return undefined;
  return wide ? view.getUint32(start + 4) : view.getUint16(start + 4);
}
