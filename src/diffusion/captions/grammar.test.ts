import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import {
  balancedGrammarCaptions,
  type CaptionGrammar,
  grammarCaptions,
  readCaptionGrammar,
} from './grammar.ts';

const file = new URL('../../../public/models/generator/captions.json', import.meta.url);
const embedded = readCaptionGrammar(JSON.parse(readFileSync(file, 'utf8')))!;
/** Two sizes with a common divisor: 4 grounds, 2 lights. */
const even: CaptionGrammar = { classNames: ['dog'], colors: ['red', 'blue', 'gray'], lights: ['dim'] };

function spread(values: string[], kinds: number): number {
  const times = new Map<string, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  const least = times.size < kinds ? 0 : Math.min(...times.values());
  return Math.max(0, ...times.values()) - least;
}

const groundOf = (caption: string): string => /, (\w+) background/.exec(caption)?.[1] ?? '';
const lightOf = (caption: string): string => /, (\w+)$/.exec(caption)?.[1] ?? '';

describe('readCaptionGrammar', () => {
  it('takes the lights from the written grammar', () => {
    expect(embedded.lights).toEqual(['dark', 'bright']);
    const json = {
      class_names: ['dog'],
      background_colors: ['red'],
      caption_grammar: 'a {x}[, {color} back]',
    };
    expect(readCaptionGrammar(json)!.lights).toEqual([]);
    expect(readCaptionGrammar({ ...json, caption_grammar: 'a {x}[, dim|, at night|, lit]' })!.lights).toEqual(
      ['dim', 'at night', 'lit'],
    );
  });
});

describe('balancedGrammarCaptions', () => {
  it.each([
    embedded,
    even,
  ])('has every colour, light and pair equally often up to one, for any count', (grammar) => {
    const grounds = grammar.colors.length + 1;
    const lights = grammar.lights.length + 1;
    const known = new Set(grammarCaptions(grammar));
    for (let count = 0; count <= 2 * grounds * lights + 5; count++) {
      const captions = balancedGrammarCaptions(grammar, count, new Philox(count));
      expect(captions).toHaveLength(count);
      expect(captions.every((caption) => known.has(caption))).toBe(true);
      expect(spread(captions.map(groundOf), grounds), `colours of ${count}`).toBeLessThanOrEqual(1);
      expect(spread(captions.map(lightOf), lights), `lights of ${count}`).toBeLessThanOrEqual(1);
      expect(spread(captions, grounds * lights), `pairs of ${count}`).toBeLessThanOrEqual(1);
    }
  });

  it('follows the seed', () => {
    const draw = (seed: number) => balancedGrammarCaptions(embedded, 30, new Philox(seed));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect([...draw(3)].sort()).not.toEqual([...draw(4)].sort());
  });
});
