import { type CaptionSource, scheduleCaptions } from '../../diffusion/captions/schedule.ts';
import type { PromptCheck } from '../../engine/generator/protocol.ts';
import { theEngine } from './engine.ts';

/** The words of a set of captions, and those of them that the generator does not know. */
export interface CaptionWords {
  count: number;
  unknown: string[];
}

/** Captions of a list are a hundred at most; the user's own are looked at as far. */
const LOOKED_AT = 100;

/** What the loaded generator makes of the words that pictures would be drawn from. */
export async function captionWords(
  source: CaptionSource,
  own: string,
  classWord: string,
): Promise<CaptionWords> {
  const { prompts } = scheduleCaptions({ source, own, classWord, count: LOOKED_AT, seed: 0 });
  return countWords(await theEngine().checkPrompts([...new Set(prompts)]));
}

/** Distinct words of the prompts, and the unknown ones by how many prompts have them, most first. */
export function countWords(checks: readonly PromptCheck[]): CaptionWords {
  const words = new Set<string>();
  const times = new Map<string, number>();
  for (const { prompt, unknown } of checks) {
    for (const word of prompt.split(/[\s,]+/)) if (word) words.add(word.toLowerCase());
    for (const word of unknown) times.set(word.toLowerCase(), (times.get(word.toLowerCase()) ?? 0) + 1);
  }
  const unknown = [...times].sort((a, b) => b[1] - a[1]).map(([word]) => word);
  return { count: words.size, unknown };
}
