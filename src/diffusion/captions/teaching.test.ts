import { describe, expect, it } from 'vitest';
import { teachingPrompts } from './teaching.ts';

describe('teachingPrompts', () => {
  it('are the instance prompt and every caption of the grammar, once each', () => {
    const grammar = { classNames: ['dog'], colors: ['red', 'blue'], lights: ['dark'] };
    expect(teachingPrompts('dog', grammar)).toEqual([
      'a photo of <new1> dog',
      'a photo of a <new1> dog',
      'a photo of a <new1> dog, dark',
      'a photo of a <new1> dog, red background',
      'a photo of a <new1> dog, red background, dark',
      'a photo of a <new1> dog, blue background',
      'a photo of a <new1> dog, blue background, dark',
    ]);
  });

  it('are the scene list where there is no grammar', () => {
    const prompts = teachingPrompts('mug', undefined);
    expect(prompts).toHaveLength(101);
    expect(new Set(prompts).size).toBe(101);
    expect(prompts.every((prompt) => prompt.includes('<new1> mug'))).toBe(true);
  });
});
