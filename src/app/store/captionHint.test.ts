import { describe, expect, it } from 'vitest';
import { countWords } from './captionHint.ts';

describe('countWords', () => {
  it('counts each word once and puts the unknown ones in the order of how often they come', () => {
    const checks = [
      { prompt: 'a dog on a sled', unknown: ['sled'], cut: false },
      { prompt: 'a dog, a Kennel', unknown: ['Kennel'], cut: false },
      { prompt: 'kennel', unknown: ['kennel'], cut: false },
    ];
    expect(countWords(checks)).toEqual({ count: 5, unknown: ['kennel', 'sled'] });
    expect(countWords([])).toEqual({ count: 0, unknown: [] });
  });
});
