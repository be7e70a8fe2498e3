import { describe, expect, it } from 'vitest';
import { SCENE_CLASSES, sceneCaptions } from './scenes.ts';

const words = (caption: string): number => caption.split(/\s+/).length;

describe.each([...SCENE_CLASSES, 'rubber duck'])('scene captions of %s', (classWord) => {
  const captions = sceneCaptions(classWord);

  it('are 100 different ones of 6 to 12 words, the subject once in each, also with the class word in', () => {
    expect(captions).toHaveLength(100);
    expect(new Set(captions.map((caption) => caption.toLowerCase())).size).toBe(100);
    for (const caption of captions) {
      expect(caption.split('{subject}'), caption).toHaveLength(2);
      expect(words(caption), caption).toBeGreaterThanOrEqual(6);
      expect(words(caption.replace('{subject}', '<new1> dog')), caption).toBeLessThanOrEqual(12);
      // Lower case throughout: no names, no brands.
      expect(caption, caption).toMatch(/^[a-z{][a-z{}, -]*[a-z}]$/);
    }
  });

  it('vary: no place or opening makes up the list', () => {
    const endings = new Map<string, number>();
    for (const caption of captions) {
      const ending = caption.split(' ').slice(-3).join(' ');
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
    }
    expect(Math.max(...endings.values())).toBeLessThanOrEqual(2);
    const having = (pattern: RegExp) => captions.filter((caption) => pattern.test(caption)).length;
    expect(having(/snow|rain|fog|mist|wind|storm|cloud|frost/)).toBeGreaterThanOrEqual(10);
    expect(having(/light|sun|lamp|shad|dusk|night|flash/)).toBeGreaterThanOrEqual(14);
    expect(having(/view|seen|photo|shot|close-up|distan|foreground/)).toBeGreaterThanOrEqual(10);
  });
});

describe('sceneCaptions', () => {
  it('shares no caption between two lists', () => {
    const all = [...SCENE_CLASSES, 'rubber duck'].flatMap((classWord) => [...sceneCaptions(classWord)]);
    expect(new Set(all).size).toBe(100 * (SCENE_CLASSES.length + 1));
  });

  it('goes by the last word, unless the whole name means something else', () => {
    expect(sceneCaptions(' Border  Collie DOG ')).toBe(sceneCaptions('dog'));
    expect(sceneCaptions('coffee mug')).toBe(sceneCaptions('mug'));
    expect(sceneCaptions('tote')).toBe(sceneCaptions('bag'));
    expect(sceneCaptions('sleeping bag')).toBe(sceneCaptions('rubber duck'));
    expect(sceneCaptions('dog house')).toBe(sceneCaptions(''));
    expect(sceneCaptions('constructor')).toBe(sceneCaptions('rubber duck'));
  });
});
