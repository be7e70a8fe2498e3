import type { Mask } from '../../../images/types.ts';

/** RGBA of the tint and of the edge. */
const TINT = [244, 166, 29, 96];
const EDGE = [255, 255, 255, 255];

/** A mask as a picture to lay over its photo: tinted inside, with a bright edge. */
export function maskOverlay({ width, height, data }: Mask): ImageData {
  const image = new ImageData(width, height);
  const edge = Math.max(1, Math.round(Math.max(width, height) / 400));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (data[at] === 0) continue;
      const inner =
        x >= edge &&
        y >= edge &&
        x < width - edge &&
        y < height - edge &&
        data[at - edge]! > 0 &&
        data[at + edge]! > 0 &&
        data[at - edge * width]! > 0 &&
        data[at + edge * width]! > 0;
      image.data.set(inner ? TINT : EDGE, at * 4);
    }
  }
  return image;
}
