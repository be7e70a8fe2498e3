interface Size {
  width: number;
  height: number;
}

/** A mask that does not fit its photo; both sizes are named. */
export class MaskSizeError extends Error {
  override readonly name = 'MaskSizeError';
  readonly remedy: string;

  constructor(maskName: string, mask: Size, photoName: string, photo: Size) {
    super(
      `${maskName} is ${mask.width} × ${mask.height}, but ${photoName} is ${photo.width} × ${photo.height}.`,
    );
    this.remedy = 'Draw the mask on the photo as it is shown here, upright and uncropped.';
  }
}

/** Whether two pictures have the same shape at different scales, up to the rounding of a side to whole pixels. */
export function sameAspect(a: Size, b: Size): boolean {
  const scale = a.width / b.width;
  return Math.abs(a.height - b.height * scale) <= Math.max(1, scale);
}
