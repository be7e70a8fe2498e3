import { describe, expect, it } from 'vitest';
import { BACKGROUND_PROMPTS } from '../../diffusion/captions/backgrounds.ts';
import { planBackgrounds, planNegatives } from './drawingPlan.ts';

describe('planNegatives', () => {
  it('goes on from the seeds there are', () => {
    expect(planNegatives('dog', [], 2)).toEqual([
      { id: '0', prompt: 'a photo of a dog', seed: 0 },
      { id: '1', prompt: 'a photo of a dog', seed: 1 },
    ]);
    expect(planNegatives('dog', [0, 5, 3], 2).map(({ seed }) => seed)).toEqual([6, 7]);
  });
});

describe('planBackgrounds', () => {
  const checks = BACKGROUND_PROMPTS.map((prompt, i) => ({
    prompt,
    unknown: i % 2 ? ['x'] : [],
    cut: i === 0,
  }));

  it('uses only what the generator knows, each equally often', () => {
    const planned = planBackgrounds(checks, 3, 100);
    const times = new Map<string, number>();
    for (const { prompt } of planned) times.set(prompt, (times.get(prompt) ?? 0) + 1);
    const usable = checks.filter(({ unknown, cut }) => !unknown.length && !cut).map(({ prompt }) => prompt);
    expect([...times.keys()].sort()).toEqual([...usable].sort());
    expect(Math.max(...times.values()) - Math.min(...times.values())).toBeLessThanOrEqual(1);
    expect(planned.map(({ seed }) => seed)).toEqual(Array.from({ length: 100 }, (_, i) => 3 + i));
    expect(planBackgrounds(checks, 4, 100)).not.toEqual(planned);
  });

  it('has none where no prompt is known', () => {
    const unknown = checks.map((check) => ({ ...check, unknown: ['x'] }));
    expect(planBackgrounds(unknown, 1, 4)).toEqual([]);
  });
});
