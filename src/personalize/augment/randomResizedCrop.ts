import type { Philox } from '../../random/philox.ts';

/** A crop window in whole pixels. */
export interface CropWindow {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * torchvision's `RandomResizedCrop.get_params`: an area share uniform in `area`, an aspect ratio log-uniform in `aspect`,
 * ten tries for a window that fits, else the largest central window of a ratio within range.
 */
export function randomResizedCrop(
  width: number,
  height: number,
  area: readonly [number, number],
  aspect: readonly [number, number],
  random: Pick<Philox, 'uniform' | 'int'>,
): CropWindow {
  const total = width * height;
  for (let attempt = 0; attempt < 10; attempt++) {
    const target = total * random.uniform(area[0], area[1]);
    const ratio = Math.exp(random.uniform(Math.log(aspect[0]), Math.log(aspect[1])));
    const w = Math.round(Math.sqrt(target * ratio));
    const h = Math.round(Math.sqrt(target / ratio));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      return { x: random.int(width - w + 1), y: random.int(height - h + 1), width: w, height: h };
    }
  }
  const ratio = width / height;
  const w = ratio < aspect[0] ? width : ratio > aspect[1] ? Math.round(height * aspect[1]) : width;
  const h = ratio < aspect[0] ? Math.round(width / aspect[0]) : height;
  return { x: Math.floor((width - w) / 2), y: Math.floor((height - h) / 2), width: w, height: h };
}
