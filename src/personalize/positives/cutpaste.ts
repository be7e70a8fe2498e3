import type { Mask, Pixels } from '../../images/types.ts';
import type { Philox } from '../../random/philox.ts';
import type { Cutout } from './cutout.ts';
import type { CutPasteSettings } from './settings.ts';

/** Where and how an object was pasted. */
export interface Placement {
  /** Centre of the object in output pixels. */
  x: number;
  y: number;
  /** Output pixels a photo pixel. */
  scale: number;
  radians: number;
  flip: boolean;
}

/** A Cut/Paste image with its exact mask (255 where the object covers more than half). */
export interface PastedImage {
  pixels: Pixels;
  mask: Mask;
  placement: Placement;
}

/** Side of the grid of samples in each output pixel. */
const SAMPLES = 2;

/** Draw a placement: object height by `scale`, anywhere within the frame but for a share that may lie outside. */
export function drawPlacement(
  cutout: Cutout,
  size: number,
  settings: CutPasteSettings,
  random: Philox,
): Placement {
  const radians = (random.uniform(-settings.rotationDegrees, settings.rotationDegrees) * Math.PI) / 180;
  const wanted = random.uniform(settings.scale[0], settings.scale[1]) * size;
  const turnedWidth =
    Math.abs(cutout.width * Math.cos(radians)) + Math.abs(cutout.height * Math.sin(radians));
  const turnedHeight =
    Math.abs(cutout.width * Math.sin(radians)) + Math.abs(cutout.height * Math.cos(radians));
  // A very wide object would not fit at the height asked for.
  const scale = Math.min(wanted / turnedHeight, size / turnedWidth);
  const place = (length: number): number => {
    const half = (length * scale) / 2;
    const slack = 2 * half * settings.outside;
    const low = half - slack;
    const high = size - half + slack;
    return low < high ? random.uniform(low, high) : size / 2;
  };
  return {
    x: place(turnedWidth),
    y: place(turnedHeight),
    scale,
    radians,
    flip: random.chance(settings.flip),
  };
}

/**
 * Paste an object on a background (method §1.4) with a soft edge: opacity rises over `feather` output pixels around the
 * mask's edge, moved inward by `erode`.
 * @param background square RGBA of `size` pixels; not changed
 */
export function paste(
  cutout: Cutout,
  background: Pixels,
  placement: Placement,
  settings: CutPasteSettings,
): PastedImage {
  const size = background.width;
  const data = background.data.slice();
  const mask = new Uint8Array(size * size);
  const { photo, depth } = cutout;
  const cos = Math.cos(placement.radians) / placement.scale;
  const sin = Math.sin(placement.radians) / placement.scale;
  const centerX = cutout.left + cutout.width / 2;
  const centerY = cutout.top + cutout.height / 2;
  const index = Math.max(
    0,
    Math.min(photo.levels.length - 1, Math.floor(-Math.log2(Math.min(1, placement.scale)))),
  );
  const level = photo.levels[index]!;
  const gain = brightnessGain(cutout, background, settings.matchBrightness);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      let [r, g, b, alpha] = [0, 0, 0, 0];
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const dx = (u + ((s % SAMPLES) + 0.5) / SAMPLES - placement.x) * (placement.flip ? -1 : 1);
        const dy = v + (Math.floor(s / SAMPLES) + 0.5) / SAMPLES - placement.y;
        // With a flip the rotation turns the other way in the photo's frame.
        const turn = placement.flip ? -sin : sin;
        const x = centerX + cos * dx + turn * dy;
        const y = centerY - turn * dx + cos * dy;
        if (x < 0 || y < 0 || x >= photo.width || y >= photo.height) continue;
        const inside = depth[Math.floor(y) * photo.width + Math.floor(x)]! * placement.scale - settings.erode;
        const opacity = Math.max(0, Math.min(1, inside / Math.max(settings.feather, 1e-3) + 0.5));
        if (opacity === 0) continue;
        const at = levelIndex(level, photo, x, y);
        r += opacity * level.data[at]!;
        g += opacity * level.data[at + 1]!;
        b += opacity * level.data[at + 2]!;
        alpha += opacity;
      }
      if (alpha === 0) continue;
      const share = alpha / (SAMPLES * SAMPLES);
      const at = (v * size + u) * 4;
      data[at] = (1 - share) * data[at]! + (gain * r) / (SAMPLES * SAMPLES);
      data[at + 1] = (1 - share) * data[at + 1]! + (gain * g) / (SAMPLES * SAMPLES);
      data[at + 2] = (1 - share) * data[at + 2]! + (gain * b) / (SAMPLES * SAMPLES);
      if (share > 0.5) mask[v * size + u] = 255;
    }
  }
  return {
    pixels: { width: size, height: size, data },
    mask: { width: size, height: size, data: mask },
    placement,
  };
}

function levelIndex(level: Pixels, photo: Cutout['photo'], x: number, y: number): number {
  const column = Math.min(level.width - 1, Math.floor((x * level.width) / photo.width));
  const row = Math.min(level.height - 1, Math.floor((y * level.height) / photo.height));
  return (row * level.width + column) * 4;
}

/** Factor on the object's colours that moves its mean brightness towards the background's, within a third. */
function brightnessGain({ brightness }: Cutout, { data }: Pixels, strength: number): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4)
    sum += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
  const target = sum / (data.length / 4);
  const gain = 1 + strength * (target / Math.max(brightness, 1) - 1);
  return Math.max(2 / 3, Math.min(4 / 3, gain));
}
