import { BAG_CAPTIONS } from './scenes/bag.ts';
import { BOTTLE_CAPTIONS } from './scenes/bottle.ts';
import { CAT_CAPTIONS } from './scenes/cat.ts';
import { DOG_CAPTIONS } from './scenes/dog.ts';
import { GENERIC_CAPTIONS } from './scenes/generic.ts';
import { MUG_CAPTIONS } from './scenes/mug.ts';
import { SCREWDRIVER_CAPTIONS } from './scenes/screwdriver.ts';
import { SHOE_CAPTIONS } from './scenes/shoe.ts';

/** Pets, and the five classes of PODS. */
const LISTS = new Map<string, readonly string[]>([
  ['dog', DOG_CAPTIONS],
  ['cat', CAT_CAPTIONS],
  ['mug', MUG_CAPTIONS],
  ['bag', BAG_CAPTIONS],
  ['bottle', BOTTLE_CAPTIONS],
  ['screwdriver', SCREWDRIVER_CAPTIONS],
  ['shoe', SHOE_CAPTIONS],
]);

/** Other words for a class that has a list. */
const SYNONYMS = new Map([
  ['tote', 'bag'],
  ['puppy', 'dog'],
  ['kitten', 'cat'],
  ['sneaker', 'shoe'],
]);

/** Names that end in a listed word and mean something else, for which the list's captions make no sense. */
const NOT_THE_LAST_WORD = new Set(['hot dog', 'punching bag', 'sleeping bag']);

/** Class words with a list of their own. */
export const SCENE_CLASSES: readonly string[] = [...LISTS.keys()];

/**
 * A hundred captions for a class word, written by hand for this project; each has `{subject}` once. As a set they cover
 * scene, surface, pose, viewpoint, light and weather evenly (the paper's, by a language model, vary the scene only). The
 * last word decides, so that `border collie dog` has the dog's list; what has none gets one that suits any thing or animal.
 */
export function sceneCaptions(classWord: string): readonly string[] {
  const name = classWord.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  const last = name.slice(name.lastIndexOf(' ') + 1);
  const list = NOT_THE_LAST_WORD.has(name) ? undefined : LISTS.get(SYNONYMS.get(last) ?? last);
  return list ?? GENERIC_CAPTIONS;
}
