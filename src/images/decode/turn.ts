/** EXIF's tag 0x0112: 1 upright, 2–4 mirrored or upside down, 5–8 also with rows and columns exchanged. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

interface Raster<T> {
  width: number;
  height: number;
  data: T;
}

/** Upright size of a picture that is stored with an orientation. */
export function uprightSize(
  { width, height }: { width: number; height: number },
  orientation: Orientation,
): { width: number; height: number } {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * A stored picture turned and mirrored upright (EXIF 2.32, 4.6.4 A).
 * @param channels bytes a pixel
 */
export function turn<T extends Uint8Array<ArrayBuffer> | Uint8ClampedArray<ArrayBuffer>>(
  picture: Raster<T>,
  channels: number,
  orientation: Orientation,
): Raster<T> {
  if (orientation === 1) return picture;
  const { width: w, height: h, data } = picture;
  const { width, height } = uprightSize(picture, orientation);
  const turned = new (data.constructor as new (length: number) => T)(data.length);
  const exchanged = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = exchanged ? y : x;
      const row = exchanged ? x : y;
      const from = channels * ((fromBottom ? h - 1 - row : row) * w + (fromRight ? w - 1 - column : column));
      const to = channels * (y * width + x);
      for (let c = 0; c < channels; c++) turned[to + c] = data[from + c]!;
    }
  }
  return { width, height, data: turned };
}
