import type { Mask } from '../images/types.ts';

/**
 * Grow a mask by a disk of radius 1 (a pixel and its four neighbours). Outside the image counts as background, as in
 * scikit-image (`mode='ignore'`).
 */
export function dilate({ width, height, data }: Mask): Mask {
  const grown = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const touched =
        data[at]! > 0 ||
        (x > 0 && data[at - 1]! > 0) ||
        (x + 1 < width && data[at + 1]! > 0) ||
        (y > 0 && data[at - width]! > 0) ||
        (y + 1 < height && data[at + width]! > 0);
      if (touched) grown[at] = 255;
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
  return { width, height, data: data.map((value) => (value > 0 ? 0 : 255)) };
}
