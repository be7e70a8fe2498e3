import type { Mask } from '../types.ts';
import { chooseChannel } from './channel.ts';
import { fewColours, readColours } from './colours.ts';
import { readIndices, readLevels } from './labels.ts';
import type { MaskPicture } from './picture.ts';

/** Where the object was found: in the transparency, in grey values, in colours, in the indices of a palette. */
export type MaskReading = 'alpha' | 'grey' | 'colour' | 'index';

/** Lossy files: the middle of 0…255, as zeros are not exact; what is nowhere brighter than this marks nothing. */
const LOSSY_THRESHOLD = 127;
const LOSSY_NOTHING = 32;

/** A mask as it was understood. */
export interface InterpretedMask {
  /** Binary: 0 and 255. */
  mask: Mask;
  reading: MaskReading;
  notes: string[];
}

/**
 * Make a binary mask of a mask picture. `chooseChannel` says whether it lies in the transparency, of which more than half of
 * the most opaque is object, or in the colours. Those are read by `readIndices` (palettes of labels), `readColours` and
 * `readLevels` (grey) where the file is lossless, and by a threshold in the middle where it is not.
 */
export function interpretMask(picture: MaskPicture): InterpretedMask {
  const { width, height, levels, colours, alpha, indices } = picture;
  const choice = chooseChannel(picture);
  const data = new Uint8Array(width * height);
  const fill = (isObject: (pixel: number) => boolean) => {
    for (let i = 0; i < data.length; i++) if (isObject(i)) data[i] = 255;
  };
  const result = (reading: MaskReading, note?: string): InterpretedMask => ({
    mask: { width, height, data },
    reading,
    notes: note ? [note] : [],
  });
  if (choice.channel === 'alpha') {
    fill((i) => alpha![i]! > choice.above);
    return result('alpha');
  }

  const isVisible = choice.isVisible ?? (() => true);
  let brightest = 0;
  for (let i = 0; i < levels.length; i++) if (isVisible(i) && levels[i]! > brightest) brightest = levels[i]!;
  if (picture.lossy) {
    const threshold = brightest < LOSSY_NOTHING ? brightest : Math.min(LOSSY_THRESHOLD, brightest / 2);
    fill((i) => isVisible(i) && levels[i]! > threshold);
    return result(colours ? 'colour' : 'grey');
  }
  const highest = levels instanceof Uint16Array ? 65535 : 255;
  if (colours && !indices) {
    const { isObject, note } = readColours(fewColours(colours, isVisible), brightest, highest);
    fill((i) => isVisible(i) && isObject(colours[i]!, levels[i]!));
    return result('colour', note);
  }
  const values = indices ?? levels;
  const histogram = new Uint32Array(values instanceof Uint16Array ? 65536 : 256);
  for (let i = 0; i < values.length; i++) if (isVisible(i)) histogram[values[i]!]!++;
  const { isObject, note } = indices ? readIndices(histogram) : readLevels(histogram);
  // Asked once a value, not once a pixel.
  const objects = Uint8Array.from(histogram, (_, value) => Number(isObject(value)));
  fill((i) => isVisible(i) && objects[values[i]!] === 1);
  return result(indices ? 'index' : 'grey', note);
}

/** Share of a mask that is object, 0…1. */
export function coverage({ data }: Mask): number {
  let object = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! > 0) object++;
  return object / data.length;
}
