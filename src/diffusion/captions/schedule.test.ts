import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCaptionGrammar } from './grammar.ts';
import { classPrompt, instancePrompt, vanillaCaption } from './prompts.ts';
import { sceneCaptions } from './scenes.ts';
import { type CaptionRequest, type CaptionSource, scheduleCaptions } from './schedule.ts';

const file = new URL('../../../public/models/generator/captions.json', import.meta.url);
const grammar = readCaptionGrammar(JSON.parse(readFileSync(file, 'utf8')));
const request: CaptionRequest = { source: 'scenes', classWord: 'dog', count: 450, seed: 7 };

function times(prompts: string[]): number[] {
  const counts = new Map<string, number>();
  for (const prompt of prompts) counts.set(prompt, (counts.get(prompt) ?? 0) + 1);
  return [...counts.values()];
}

describe('prompts', () => {
  it('are the paper’s, with an article for the class', () => {
    expect(vanillaCaption('mug')).toBe('photo of a <new1> mug');
    expect(instancePrompt('mug')).toBe('a photo of <new1> mug');
    expect(classPrompt('mug')).toBe('a photo of a mug');
  });
});

describe('a schedule of captions', () => {
  it('makes 450 of 100: half five times, half four times', () => {
    const counts = times(scheduleCaptions(request).prompts);
    expect(counts.filter((count) => count === 5)).toHaveLength(50);
    expect(counts.filter((count) => count === 4)).toHaveLength(50);
  });

  it('is balanced wherever a list ends, and a longer one begins with the shorter', () => {
    const { prompts } = scheduleCaptions(request);
    expect(times(prompts.slice(0, 100))).toEqual(Array(100).fill(1));
    expect(Math.max(...times(prompts.slice(0, 130)))).toBe(2);
    expect(scheduleCaptions({ ...request, count: 130 }).prompts).toEqual(prompts.slice(0, 130));
    expect(prompts.slice(0, 100)).not.toEqual(prompts.slice(100, 200));
    expect(prompts.slice(0, 100)).not.toEqual(
      sceneCaptions('dog').map((caption) => caption.replace('{subject}', '<new1> dog')),
    );
  });

  it.each<CaptionSource>([
    'vanilla',
    'scenes',
    'grammar',
    'own',
  ])('of %s asks an untuned generator for the same without the token', (source) => {
    const given = { ...request, source, grammar, own: 'a {subject} asleep\n<new1> Dog awake', count: 60 };
    const tuned = scheduleCaptions(given);
    const untuned = scheduleCaptions({ ...given, untuned: true });
    expect(tuned.problems).toEqual([]);
    expect(tuned.prompts).toHaveLength(60);
    expect(tuned.prompts.every((prompt) => prompt.includes('<new1> dog'))).toBe(true);
    expect(untuned.prompts).toEqual(tuned.prompts.map((prompt) => prompt.replace('<new1> dog', 'dog')));
    expect(scheduleCaptions(given)).toEqual(tuned);
    expect(scheduleCaptions({ ...given, count: 0 }).prompts).toEqual([]);
  });

  it('balances colours of the grammar over fewer images than it has captions', () => {
    const { prompts } = scheduleCaptions({ ...request, source: 'grammar', grammar, count: 13 });
    const colors = prompts.map((prompt) => /(\w+) background/.exec(prompt)?.[1] ?? 'none');
    expect(new Set(colors).size).toBe(13);
  });

  it('reads the user’s class word after the token as part of the subject, and no other word', () => {
    const own = '<new1> Dog, asleep\r\n{subject} doghouse\n{Subject} dog and <new1>';
    const { prompts, problems } = scheduleCaptions({
      ...request,
      ...{ source: 'own', own, classWord: ' dog ', count: 3 },
    });
    expect(problems).toEqual([]);
    expect([...prompts].sort()).toEqual([
      '<new1> dog and <new1> dog',
      '<new1> dog doghouse',
      '<new1> dog, asleep',
    ]);
  });

  it('numbers the user’s faulty lines with blank ones counted, and uses the others equally', () => {
    const own = '\nno subject\n{subject} in the rain\n\n{subject} in the sun\nnone\n';
    const { prompts, problems } = scheduleCaptions({ ...request, source: 'own', own, count: 9 });
    expect(problems.map((problem) => problem.slice(0, 6))).toEqual(['Line 2', 'Line 6']);
    expect(times(prompts).sort()).toEqual([4, 5]);
  });
});
