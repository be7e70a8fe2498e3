import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { grammarCaptions, readCaptionGrammar } from './grammar.ts';
import { SCENE_CLASSES, sceneCaptions } from './scenes.ts';
import { type CaptionRequest, scheduleCaptions } from './schedule.ts';

const file = new URL('../../../public/models/generator/captions.json', import.meta.url);
const grammar = readCaptionGrammar(JSON.parse(readFileSync(file, 'utf8')))!;
const request: CaptionRequest = { source: 'scenes', classWord: 'dog', count: 250, seed: 4 };

describe('scene captions', () => {
  it('are a hundred different ones for pets, the five PODS classes and anything else', () => {
    expect([...SCENE_CLASSES].sort()).toEqual(['bag', 'bottle', 'cat', 'dog', 'mug', 'screwdriver', 'shoe']);
    for (const word of [...SCENE_CLASSES, 'trombone']) {
      const captions = sceneCaptions(word);
      expect(new Set(captions).size, word).toBe(100);
      expect(captions.every((caption) => caption.split('{subject}').length === 2)).toBe(true);
    }
    expect(sceneCaptions('Dog')).toEqual(sceneCaptions('dog'));
  });
});

describe('the embedded generator’s grammar', () => {
  it('has every colour with every light', () => {
    expect(grammar.colors).toHaveLength(12);
    const captions = grammarCaptions(grammar);
    expect(new Set(captions).size).toBe(13 * (grammar.lights.length + 1));
    expect(captions).toContain('a photo of a {subject}, green background, bright');
    expect(captions).toContain('a photo of a {subject}');
    expect(readCaptionGrammar({})).toBeUndefined();
    expect(readCaptionGrammar(undefined)).toBeUndefined();
  });
});

describe('scheduleCaptions', () => {
  it('uses every caption equally often up to one, in a seeded order', () => {
    const { prompts } = scheduleCaptions(request);
    const times = new Map<string, number>();
    for (const prompt of prompts) times.set(prompt, (times.get(prompt) ?? 0) + 1);
    expect(times.size).toBe(100);
    expect([...times.values()].every((count) => count === 2 || count === 3)).toBe(true);
    expect(prompts).toEqual(scheduleCaptions(request).prompts);
    expect(prompts).not.toEqual(scheduleCaptions({ ...request, seed: 5 }).prompts);
    expect(prompts[0]).toContain('<new1> dog');
  });

  it('asks for the class where negatives are wanted', () => {
    const { prompts } = scheduleCaptions({ ...request, source: 'vanilla', count: 2, untuned: true });
    expect(prompts).toEqual(['photo of a dog', 'photo of a dog']);
  });

  it('takes the user’s lines and tells what is wrong with them', () => {
    const own = 'a <new1> dog in a boat\n\nmy {subject} at night\nno one here\n<new1> asleep';
    const { prompts, problems } = scheduleCaptions({ ...request, source: 'own', own, count: 3 });
    expect([...prompts].sort()).toEqual([
      '<new1> dog asleep',
      'a <new1> dog in a boat',
      'my <new1> dog at night',
    ]);
    expect(problems).toEqual(['Line 4 does not name the subject: write {subject} where it belongs.']);
    expect(scheduleCaptions({ ...request, source: 'own', own: '' })).toMatchObject({ prompts: [] });
    expect(scheduleCaptions({ ...request, source: 'grammar' }).problems).toHaveLength(1);
  });
});
