import type { Philox } from '../../random/philox.ts';

/** What the embedded generator's captions.json says it was trained on. */
export interface CaptionGrammar {
  classNames: string[];
  colors: string[];
  lights: string[];
}

/** Read captions.json; undefined when it is not the embedded generator's. */
export function readCaptionGrammar(json: unknown): CaptionGrammar | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  const texts = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const classNames = texts(fields.class_names);
  const colors = texts(fields.background_colors ?? fields.colors);
  if (classNames.length === 0 || colors.length === 0) return undefined;
  return { classNames, colors, lights: lightsOf(fields.caption_grammar) };
}

/** Lights of `…[, {color} background][, dark|, bright]`: the alternatives of the part without a `{…}`. */
function lightsOf(written: unknown): string[] {
  const part = typeof written === 'string' ? /\[([^[\]{}]+)\]/.exec(written)?.[1] : undefined;
  return part ? part.split('|').map((light) => light.replace(/^\s*,/, '').trim()) : [];
}

/**
 * Captions in the embedded generator's own words: `a photo of a {subject}[, {color} background][, dark|, bright]`, every
 * colour (and none) with every light (and none) once.
 */
export function grammarCaptions({ colors, lights }: CaptionGrammar): string[] {
  const grounds = ['', ...colors.map((color) => `, ${color} background`)];
  const lightings = ['', ...lights.map((light) => `, ${light}`)];
  return grounds.flatMap((ground) => lightings.map((light) => `a photo of a {subject}${ground}${light}`));
}

/**
 * `count` captions of the grammar in a shuffled order, in which every colour (and none), every light (and none) and every
 * pair of both occurs equally often up to one. Drawn whole pairs would not do: 13 of the 39 may leave out a colour.
 * Colour and light go round side by side; where both would meet again before all pairs were had, light moves on by one.
 */
export function balancedGrammarCaptions(
  { colors, lights }: CaptionGrammar,
  count: number,
  random: Philox,
): string[] {
  const grounds = random.shuffle(['', ...colors.map((color) => `, ${color} background`)]);
  const lightings = random.shuffle(['', ...lights.map((light) => `, ${light}`)]);
  const period = leastCommonMultiple(grounds.length, lightings.length);
  return random.shuffle(
    Array.from({ length: count }, (_, i) => {
      const ground = grounds[i % grounds.length]!;
      const light = lightings[(i + Math.floor(i / period)) % lightings.length]!;
      return `a photo of a {subject}${ground}${light}`;
    }),
  );
}

function leastCommonMultiple(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return (a * b) / divisor;
}
