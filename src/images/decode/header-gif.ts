/** Number of frames of a GIF (GIF89a blocks); stops at the end of the file or at the first damage. */
export function countGifFrames(bytes: Uint8Array): number {
  if (bytes.length < 13) return 0;
  const colourTable = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let offset = 13 + colourTable(bytes[10]!);
  let frames = 0;
  while (offset < bytes.length) {
    const block = bytes[offset]!;
    if (block === 0x2c) {
      frames++;
      // Image descriptor (10 bytes), its colour table, the LZW code size.
      offset = skipSubBlocks(bytes, offset + 10 + colourTable(bytes[offset + 9] ?? 0) + 1);
    } else if (block === 0x21) offset = skipSubBlocks(bytes, offset + 2);
    else break;
  }
  return frames;
}

function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let offset = start;
  while (offset < bytes.length && bytes[offset] !== 0) offset += 1 + bytes[offset]!;
  return offset + 1;
}
