interface Size {
  width: number;
  height: number;
}

/** Sides of a photo and its mask may differ in proportion by this much: both may have been resized and rounded. */
const PROPORTION = 0.02;

/**
 * Whether a mask has its photo's shape, at whatever scale: up to the rounding of a side to a whole pixel, or within 2 % in
 * proportion.
 */
export function fitsPhoto(mask: Size, photo: Size): boolean {
  const scale = mask.width / photo.width;
  if (Math.abs(mask.height - photo.height * scale) <= Math.max(1, scale)) return true;
  return Math.abs((mask.width * photo.height) / (mask.height * photo.width) - 1) < PROPORTION;
}

/** A mask that does not fit its photo; both sizes are named, and what to do. */
export class MaskSizeError extends Error {
  override readonly name = 'MaskSizeError';
  readonly remedy: string;

  constructor(maskName: string, mask: Size, photoName: string, photo: Size) {
    super(
      `${maskName} is ${mask.width} × ${mask.height}, but ${photoName} is ${photo.width} × ${photo.height}.`,
    );
    const turned = fitsPhoto({ width: mask.height, height: mask.width }, photo);
    this.remedy = turned
      ? 'It would fit turned by a quarter: the photo is stored lying on its side and shown turned by its EXIF orientation, and the mask was drawn on the unturned picture. Turn the mask the way the photo is shown.'
      : 'Draw the mask on the photo as it is shown here, upright and uncropped.';
  }
}

/** @throws MaskSizeError unless the mask has the photo's shape */
export function requireFit(maskName: string, mask: Size, photoName: string, photo: Size): void {
  if (!fitsPhoto(mask, photo)) throw new MaskSizeError(maskName, mask, photoName, photo);
}
