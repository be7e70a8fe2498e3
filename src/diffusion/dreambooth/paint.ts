import type { Philox } from '../../random/philox.ts';
import type { DreamBoothView } from './views.ts';

/** How much a painted background differs from its colour, in parts of it: from side to side, and from pixel to pixel. */
const SHADE = 0.12;
const GRAIN = 0.02;

/**
 * A view with a plain background behind its object instead of the photo's: the colour, shaded from one side to the other as
 * a backdrop is. With the photo's own, a generator that has seen three photos cannot tell what is the subject and what is not.
 */
export function paintBackground(
  { pixels, mask }: DreamBoothView,
  rgb: readonly number[],
  random: Philox,
): DreamBoothView {
  if (!mask) return { pixels, mask };
  const { width, height } = pixels;
  const angle = random.uniform(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const data = new Uint8ClampedArray(pixels.data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const share = mask.data[at]! / 255;
      if (share === 1) continue;
      const place = ((x / width - 0.5) * dx + (y / height - 0.5) * dy) * 2 * SHADE;
      const factor = 1 + place + random.uniform(-GRAIN, GRAIN);
      for (let c = 0; c < 3; c++)
        data[4 * at + c] = share * pixels.data[4 * at + c]! + (1 - share) * rgb[c]! * factor;
    }
  }
  return { pixels: { width, height, data }, mask };
}
