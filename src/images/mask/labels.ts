/** How the numbers of a lossless mask are to be read. */
export interface LevelReading {
  isObject: (level: number) => boolean;
  /** What the user should know of it. */
  note?: string;
}

/** The highest number that is taken for a label beside void. */
const HIGHEST_LABEL = 64;
/** Most labels in one picture; an antialiased edge has more values. */
export const FEW = 20;
/** Areas under this share of another are specks. */
export const NEGLIGIBLE = 0.1;
/** Values closer together than this share of the brightest may be noise. */
const APART = 0.02;
/** "Unsure" in label masks: 255, or the highest number of 16 bits. */
const VOIDS = [255, 65535];

export const VOID_NOTE = 'its border marked as unsure (void) was taken for background';

/**
 * What is object in a lossless grey mask, told by which numbers it holds. In order:
 * - one number: all of it is object, or none where it is 0;
 * - 0 and another: the other, whatever the program wrote for "object" (1, 255, 65535);
 * - of 1, 2 and 3 two or more, and no 0: a trimap of Oxford-IIIT Pet, in which 1 is the object, 2 the background;
 * - 0, labels up to 64, and 255 (65535) on an area that is not beyond all proportion to theirs: labels with VOC's void border;
 * - labels: all numbers up to 64, or few (at most 20) of which the smallest is an eighth of the largest or more, or of
 *   which each covers a good area, as no antialiased edge does, and lies apart from the others, as no noise does: everything
 *   above 0. Where there is no 0, the darkest label is the background, unless it is nearly as bright as the brightest;
 * - otherwise a soft mask, antialiased or saved from a JPEG: above half of the brightest.
 *
 * @param histogram how many pixels have each number, from 0 to the highest of the file's depth
 */
export function readLevels(histogram: Uint32Array): LevelReading {
  const used = usedOf(histogram);
  if (used.length === 1 || (used.length === 2 && used[0] === 0)) return { isObject: (level) => level > 0 };
  const special = readTrimap(used) ?? readVoid(histogram, used);
  if (special) return special;

  const brightest = used.at(-1)!;
  const darkest = used[0]!;
  if (isLabels(histogram, used) && 4 * (brightest - darkest) >= brightest) {
    return darkest === 0
      ? { isObject: (level) => level > 0 }
      : {
          isObject: (level) => level > darkest,
          note: `nothing in it is 0: its darkest value (${darkest}) was taken for the background`,
        };
  }
  return { isObject: (level) => level > brightest / 2 };
}

/**
 * What is object in a palette of labels, told by the indices in use: everything but index 0, without VOC's void (255) beside
 * labels; the trimap as above. Colours are for the eye and say nothing.
 */
export function readIndices(histogram: Uint32Array): LevelReading {
  const used = usedOf(histogram);
  return readTrimap(used) ?? readVoid(histogram, used) ?? { isObject: (index) => index > 0 };
}

function usedOf(histogram: Uint32Array): number[] {
  const used: number[] = [];
  for (let level = 0; level < histogram.length; level++) if (histogram[level]! > 0) used.push(level);
  return used;
}

function readTrimap(used: readonly number[]): LevelReading | undefined {
  if (used.length < 2 || used.some((level) => level < 1 || level > 3)) return undefined;
  return {
    isObject: (level) => level === 1,
    note: 'it was read as a trimap: 1 is the object, 2 the background, 3 the border',
  };
}

function readVoid(histogram: Uint32Array, used: readonly number[]): LevelReading | undefined {
  const unsure = used.at(-1)!;
  const labels = used.slice(1, -1);
  if (used[0] !== 0 || labels.length === 0 || !VOIDS.includes(unsure)) return undefined;
  if (labels.at(-1)! > HIGHEST_LABEL) return undefined;
  const area = labels.reduce((sum, level) => sum + histogram[level]!, 0);
  if (area < NEGLIGIBLE * histogram[unsure]!) return undefined;
  return { isObject: (level) => level > 0 && level !== unsure, note: VOID_NOTE };
}

function isLabels(histogram: Uint32Array, used: readonly number[]): boolean {
  const brightest = used.at(-1)!;
  if (brightest <= HIGHEST_LABEL) return true;
  if (used.length > FEW) return false;
  const labels = used[0] === 0 ? used.slice(1) : used;
  if (8 * labels[0]! >= brightest) return true;
  const largest = Math.max(...labels.map((level) => histogram[level]!));
  const apart = used.slice(1).every((level, i) => level - used[i]! >= APART * brightest);
  return apart && labels.every((level) => histogram[level]! >= NEGLIGIBLE * largest);
}
