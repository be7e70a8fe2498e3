import type { Philox } from '../../random/philox.ts';
import type { Cutout } from './cutout.ts';
import type { CutPasteSettings } from './settings.ts';

/** Where and how an object was pasted. */
export interface Placement {
  /** Centre of the object's box in output pixels. */
  x: number;
  y: number;
  /** Output pixels a pixel of the cut-out. */
  scale: number;
  radians: number;
  flip: boolean;
}

/** Size of the upright box around an object turned by `radians`, in output pixels. */
export function turnedSize(
  { width, height }: Pick<Cutout, 'width' | 'height'>,
  { scale, radians }: Pick<Placement, 'scale' | 'radians'>,
): { width: number; height: number } {
  const cos = Math.abs(Math.cos(radians)) * scale;
  const sin = Math.abs(Math.sin(radians)) * scale;
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

/**
 * Draw a placement on a square of `size` pixels: the turned object's height by `scale` (less where it would be wider than
 * the frame), its place uniform, with up to the share `outside` of its width and height past the frame.
 */
export function drawPlacement(
  cutout: Pick<Cutout, 'width' | 'height'>,
  size: number,
  settings: CutPasteSettings,
  random: Philox,
): Placement {
  const radians = (random.uniform(-settings.rotationDegrees, settings.rotationDegrees) * Math.PI) / 180;
  const wanted = random.uniform(settings.scale[0], settings.scale[1]) * size;
  const turned = turnedSize(cutout, { scale: 1, radians });
  const scale = Math.min(wanted / turned.height, size / turned.width);
  const place = (length: number): number => {
    const least = length * scale * (0.5 - settings.outside);
    const [low, high] = least < size - least ? [least, size - least] : [size / 2, size / 2];
    return random.uniform(low, high);
  };
  return {
    radians,
    scale,
    x: place(turned.width),
    y: place(turned.height),
    flip: random.chance(settings.flip),
  };
}
