import type { ImageHeader } from './header.ts';

/** Start-of-frame markers: 0xC0…0xCF without the tables DHT (C4), JPG (C8) and DAC (CC). */
function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers that stand alone, without a length: TEM, RST0…7, SOI. */
function isBareMarker(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** Size and completeness of a JPEG, from its marker segments (ITU T.81, annex B). */
export function readJpegHeader(bytes: Uint8Array<ArrayBuffer>): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header: ImageHeader = { animated: false, complete: false };
  let offset = 2;
  while (offset + 2 <= bytes.length) {
    if (bytes[offset] !== 0xff) {
      // Not at a marker: entropy-coded data of a scan; the next marker is the next 0xFF that is not stuffed.
      offset = bytes.indexOf(0xff, offset);
      if (offset < 0) break;
      continue;
    }
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) offset += 1;
    else if (marker === 0x00 || isBareMarker(marker)) offset += 2;
    else if (marker === 0xd9) {
      header.complete = true;
      break;
    } else {
      if (offset + 4 > bytes.length) break;
      if (isFrameMarker(marker) && offset + 9 <= bytes.length) {
        header.height = view.getUint16(offset + 5);
        header.width = view.getUint16(offset + 7);
      }
      offset += 2 + Math.max(2, view.getUint16(offset + 2));
    }
  }
  return header;
}
