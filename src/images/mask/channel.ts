import { fewColours } from './colours.ts';
import { FEW } from './labels.ts';
import type { MaskPicture } from './picture.ts';

/** Share of the opaque part that must be nearly black or nearly as bright as the brightest in a two-valued picture. */
const TWO_VALUED = 0.95;
/** Share of the opaque part that must be nearly black: less are outlines and noise. */
const BACKGROUND = 0.01;
/** Above this share of the picture, what is transparent is more than rounded corners or a thin frame. */
const CORNERS = 0.25;
/** Share of the pixels along what is transparent that are dark where a mask's background lies there. */
const DARK_EDGE = 0.75;
/** In a lossy file, levels that lie this close together are one. */
const ONE_LEVEL = 16;

/** Where the mask is, and which pixels are background before anything else is looked at. */
export type MaskChannel =
  | { channel: 'alpha'; above: number }
  | { channel: 'colour'; isVisible?: (pixel: number) => boolean };

/**
 * Whether a mask lies in a picture's transparency or in its colours.
 * - Transparency that does not go from opaque to less than half of that says nothing: colours.
 * - One colour in all of the opaque part (white everywhere; an object on nothing): transparency.
 * - The opaque part is a mask itself, in which black background is seen and an object, in few colours or nearly two-valued:
 *   colours; what is transparent (rounded corners, a frame) is background.
 * - Anything else is a cut-out photo, also in black and white: transparency.
 */
export function chooseChannel(picture: MaskPicture): MaskChannel {
  const { alpha } = picture;
  if (!alpha) return { channel: 'colour' };
  let most = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i]! > most) most = alpha[i]!;
    if (alpha[i]! < least) least = alpha[i]!;
  }
  const above = most / 2;
  if (least > above) return { channel: 'colour' };
  const isVisible = (pixel: number) => alpha[pixel]! > above;
  return holdsMask(picture, isVisible) && !isCutOut(picture, isVisible)
    ? { channel: 'colour', isVisible }
    : { channel: 'alpha', above };
}

/**
 * Whether what looks like a mask is a cut-out drawing or photo in black and white: much is transparent, and not only black
 * background lies along it.
 */
function isCutOut({ width, height, levels }: MaskPicture, isVisible: (pixel: number) => boolean): boolean {
  let visible = 0;
  let edge = 0;
  let dark = 0;
  let brightest = 0;
  for (let i = 0; i < levels.length; i++) if (isVisible(i) && levels[i]! > brightest) brightest = levels[i]!;
  for (let i = 0; i < levels.length; i++) {
    if (!isVisible(i)) continue;
    visible++;
    const x = i % width;
    const atEdge =
      (x > 0 && !isVisible(i - 1)) ||
      (x < width - 1 && !isVisible(i + 1)) ||
      (i >= width && !isVisible(i - width)) ||
      (i < width * (height - 1) && !isVisible(i + width));
    if (!atEdge) continue;
    edge++;
    if (8 * levels[i]! <= brightest) dark++;
  }
  return width * height - visible > CORNERS * width * height && dark < DARK_EDGE * edge;
}

function holdsMask(picture: MaskPicture, isVisible: (pixel: number) => boolean): boolean {
  const { levels, colours, indices, lossy } = picture;
  let brightest = 0;
  let darkest = Number.POSITIVE_INFINITY;
  let visible = 0;
  for (let i = 0; i < levels.length; i++) {
    if (!isVisible(i)) continue;
    visible++;
    if (levels[i]! > brightest) brightest = levels[i]!;
    if (levels[i]! < darkest) darkest = levels[i]!;
  }
  if (lossy && brightest - darkest <= ONE_LEVEL) return false;
  if (!lossy) {
    const values = fewColours(
      indices ? Uint32Array.from(indices) : (colours ?? Uint32Array.from(levels)),
      isVisible,
    );
    if (values?.size === 1) return false;
    if (values && values.size <= FEW && values.has(0)) return true;
  }
  let dark = 0;
  let bright = 0;
  for (let i = 0; i < levels.length; i++) {
    if (!isVisible(i)) continue;
    if (8 * levels[i]! <= brightest) dark++;
    else if (8 * levels[i]! >= 7 * brightest) bright++;
  }
  return dark + bright >= TWO_VALUED * visible && dark >= BACKGROUND * visible && bright > 0;
}
