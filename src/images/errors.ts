/** Pixels, masks or sizes that do not fit together; the message gives the sizes and what was expected. */
export class ImageSizeError extends RangeError {
  override readonly name = 'ImageSizeError';
}

/** @throws ImageSizeError unless both sides are whole numbers of at least 1 */
export function requireSize(what: string, width: number, height: number): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1)) {
    throw new ImageSizeError(`${what} is ${width}×${height}; both sides must be whole numbers of at least 1`);
  }
}

/** @throws ImageSizeError unless `length` is width × height × channels */
export function requireLength(
  what: string,
  length: number,
  width: number,
  height: number,
  channels: number,
): void {
  if (length !== width * height * channels) {
    throw new ImageSizeError(
      `${what} holds ${length} numbers; ${width}×${height} with ${channels} channel(s) needs ${width * height * channels}`,
    );
  }
}
