import { FEW, type LevelReading, NEGLIGIBLE, VOID_NOTE } from './labels.ts';

/** In coloured masks each object has a colour of its own, some quite dark (DAVIS: 64); what is darker is black. */
const COLOUR_FLOOR = 32;
/** The colour of "unsure" in masks of VOC. */
const VOID = 0xe0e0c0;

/** Colours and how many pixels have each; undefined for more than a mask of labels has. */
export function fewColours(
  colours: Uint32Array,
  visible: (pixel: number) => boolean,
): Map<number, number> | undefined {
  const counts = new Map<number, number>();
  for (let i = 0; i < colours.length; i++) {
    if (!visible(i)) continue;
    counts.set(colours[i]!, (counts.get(colours[i]!) ?? 0) + 1);
    if (counts.size > FEW) return undefined;
  }
  return counts;
}

/**
 * What is object in a lossless coloured mask: everything that is not black. With few colours, black among them, that is
 * meant exactly; in an antialiased mask, up to a brightness of 32 of 255 (or half of the brightest, if that is less).
 * VOC's colour of "unsure" beside other colours is background.
 *
 * @param counts what `fewColours` found
 * @param brightest the highest level of the picture, of `highest`
 * @returns a rule for a pixel's colour and level
 */
export function readColours(
  counts: Map<number, number> | undefined,
  brightest: number,
  highest: number,
): { isObject: (colour: number, level: number) => boolean; note?: LevelReading['note'] } {
  const floor = counts?.has(0) ? 1 : Math.min((COLOUR_FLOOR * (highest + 1)) / 256, brightest / 2);
  const unsure = counts?.get(VOID) ?? 0;
  let others = 0;
  for (const [colour, count] of counts ?? []) if (colour !== 0 && colour !== VOID) others += count;
  if (unsure > 0 && others > 0 && others >= NEGLIGIBLE * unsure) {
    return { isObject: (colour, level) => level >= floor && colour !== VOID, note: VOID_NOTE };
  }
  return { isObject: (_, level) => level >= floor };
}
