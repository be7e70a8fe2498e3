import { classPrompt } from '../../diffusion/captions/prompts.ts';
import type { PromptCheck } from '../../engine/generator/protocol.ts';
import { Philox } from '../../random/philox.ts';

/** What pictures are drawn for. */
export type DrawingPurpose =
  /** Of the subject, to learn from. */
  | 'positives'
  /** Of others of its class by the untuned generator; kept for all subjects of the class. */
  | 'negatives'
  /** Of places without it, to paste it on. */
  | 'backgrounds';

/** A picture to draw. */
export interface PlannedPicture {
  id: string;
  prompt: string;
  seed: number;
}

/**
 * Others of the class: the class prompt from seeds that follow those of the images there are, as prior preservation takes
 * them, so that either finds what the other made.
 */
export function planNegatives(
  classWord: string,
  knownSeeds: readonly number[],
  count: number,
): PlannedPicture[] {
  const first = Math.max(-1, ...knownSeeds) + 1;
  const prompt = classPrompt(classWord);
  return Array.from({ length: count }, (_, i) => ({ id: `${first + i}`, prompt, seed: first + i }));
}

/**
 * Backgrounds: every prompt all of whose words the generator knows equally often up to one, in an order by the seed.
 * @param checks what the generator's tokenizer makes of the prompts there are
 */
export function planBackgrounds(
  checks: readonly PromptCheck[],
  seed: number,
  count: number,
): PlannedPicture[] {
  const known = checks.filter(({ unknown, cut }) => unknown.length === 0 && !cut).map(({ prompt }) => prompt);
  if (known.length === 0) return [];
  const random = new Philox(seed).split('backgrounds');
  const prompts: string[] = [];
  while (prompts.length < count) prompts.push(...random.shuffle([...known]));
  return prompts.slice(0, count).map((prompt, i) => ({ id: `${seed + i}`, prompt, seed: seed + i }));
}
