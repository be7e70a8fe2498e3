import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../personalize/presets.ts';
import { recipesOf } from './recipes.ts';

const { quick } = PRESETS;
const named = (list: { id: string; name?: string; settings: unknown }[]) =>
  recipesOf(list.map((adapter) => ({ name: 'mine', ...adapter })));

describe('recipesOf', () => {
  it('takes runs that differ in their seed alone for one recipe', () => {
    const names = named([
      { id: 'a', settings: quick },
      { id: 'b', settings: { ...quick, seed: 7 } },
    ]);
    expect(names.get('a')).toBe('combined, quick preset, 48 steps, rank 16');
    expect(names.get('b')).toBe(names.get('a'));
  });

  it('keeps runs apart that differ in anything else, also where the label does not tell it', () => {
    const names = named([
      { id: 'a', settings: quick },
      { id: 'b', settings: { ...quick, optimizer: { ...quick.optimizer, learningRate: 1e-5 } } },
    ]);
    expect(names.get('b')).toBe(`${names.get('a')} (2)`);
  });

  it('gives each adapter without settings a recipe of its own', () => {
    const names = named([
      { id: 'a', settings: null },
      { id: 'b', settings: null },
    ]);
    expect([...names.values()]).toEqual(['mine', 'mine (2)']);
  });
});
