import type { Mask } from '../images/types.ts';

/**
 * Grow a mask by a disk of radius 1 (a pixel and its four neighbours). Outside the image counts as background, as in
 * scikit-image (`mode='ignore'`).
 */
export function dilate({ width, height, data }: Mask): Mask {
  const grown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      if (data[row + x] === 0) continue;
      const at = row + x;
      grown[at] = 255;
      if (x > 0) grown[at - 1] = 255;
      if (x + 1 < width) grown[at + 1] = 255;
      if (y > 0) grown[at - width] = 255;
      if (y + 1 < height) grown[at + width] = 255;
    }
  }
  return { width, height, data: grown };
}

/**
 * Shrink a mask by a disk of radius 1: what is left when the background grows. Outside the image counts as object, as
 * in scikit-image (`mode='ignore'`), so that objects are not eaten at the image's border.
 */
export function erode(mask: Mask): Mask {
  return complement(dilate(complement(mask)));
}

/** Dilate, then erode: closes gaps and holes a pixel or two wide. Closing twice changes nothing more. */
export function close(mask: Mask): Mask {
  return erode(dilate(mask));
}

/** Object where there was background, and the reverse. */
export function complement({ width, height, data }: Mask): Mask {
  const inverse = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) if (data[i] === 0) inverse[i] = 255;
  return { width, height, data: inverse };
}
