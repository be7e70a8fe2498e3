import { resizePixels } from '../../images/resize.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import { type Cutout, makeCutout } from './cutout.ts';
import { type PastedImage, paste } from './cutpaste.ts';
import { drawPlacement, turnedSize } from './placement.ts';
import { proceduralBackground } from './procedural.ts';
import type { CutPasteSettings } from './settings.ts';

/** A photo with its object known. */
export interface MaskedPhoto {
  name: string;
  pixels: Pixels;
  mask: Mask;
}

/** A Cut/Paste positive and where it came from. */
export interface CutPastePositive extends PastedImage {
  photoIndex: number;
  /** In words, for the gallery. */
  provenance: string;
}

/** Makes Cut/Paste positives; number `i` depends on the seed and `i` alone. */
export class CutPasteMaker {
  readonly #cutouts: Cutout[];
  readonly #names: string[];
  readonly #backgrounds: readonly { name: string; pixels: Pixels }[];
  readonly #settings: CutPasteSettings;
  readonly #size: number;
  readonly #seed: number;

  /**
   * @param size side of the images in pixels
   * @throws CutPasteError naming the photo whose mask is empty or whole
   */
  constructor(
    photos: readonly MaskedPhoto[],
    backgrounds: readonly { name: string; pixels: Pixels }[],
    settings: CutPasteSettings,
    size: number,
    seed: number,
  ) {
    this.#cutouts = photos.map(({ pixels, mask, name }) => makeCutout(pixels, mask, name, 2 * size));
    this.#names = photos.map(({ name }) => name);
    this.#backgrounds = backgrounds;
    this.#settings = settings;
    this.#size = size;
    this.#seed = seed;
  }

  /** Positive number `index`. */
  make(index: number): CutPastePositive {
    const random = new Philox(this.#seed).split(`cut/paste ${index}`);
    const photoIndex = random.int(this.#cutouts.length);
    const cutout = this.#cutouts[photoIndex]!;
    const background = this.#background(random.split('background'));
    const placement = drawPlacement(cutout, this.#size, this.#settings, random.split('placement'));
    const image = paste(cutout, background.pixels, placement, this.#settings);
    const percent = Math.round((100 * turnedSize(cutout, placement).height) / this.#size);
    const degrees = Math.round((placement.radians * 180) / Math.PI);
    const provenance = `${this.#names[photoIndex]} on ${background.name}, ${percent} % high, turned ${degrees}°${placement.flip ? ', flipped' : ''}`;
    return { ...image, photoIndex, provenance };
  }

  #background(random: Philox): { name: string; pixels: Pixels } {
    if (this.#backgrounds.length === 0 || random.chance(this.#settings.procedural)) {
      const { pixels, family } = proceduralBackground(this.#size, random);
      return { name: `procedural ${family}`, pixels };
    }
    const { name, pixels } = random.choice(this.#backgrounds);
    return { name, pixels: squareCrop(pixels, this.#size, random) };
  }
}

/** A random square of at least half the shorter side, resized. */
function squareCrop(pixels: Pixels, size: number, random: Philox): Pixels {
  const shorter = Math.min(pixels.width, pixels.height);
  const side = Math.max(1, Math.round(shorter * random.uniform(0.5, 1)));
  const left = random.int(pixels.width - side + 1);
  const top = random.int(pixels.height - side + 1);
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    const start = ((top + y) * pixels.width + left) * 4;
    data.set(pixels.data.subarray(start, start + side * 4), y * side * 4);
  }
  return resizePixels({ width: side, height: side, data }, size, size, 'bilinear');
}
