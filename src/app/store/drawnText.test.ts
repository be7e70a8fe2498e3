import { describe, expect, it } from 'vitest';
import { drawingText, drawnText } from './drawnText.ts';

const job = { purpose: 'positives' as const, made: 5, kept: 2, wanted: null, of: 5, cancelled: false };

describe('drawnText', () => {
  it('says how many of the pictures the filter kept', () => {
    expect(drawnText(job)).toBe(
      '5 pictures drawn, 2 of them similar enough to your photos to teach with. The others stay below: look at them and keep what you like.',
    );
    expect(drawnText({ ...job, made: 1, kept: 1 })).toBe(
      '1 picture drawn, 1 of them similar enough to your photos to teach with.',
    );
    expect(drawnText({ ...job, purpose: 'backgrounds' })).toBe('5 pictures drawn.');
  });

  it('says whether enough were kept, or which limit ended it', () => {
    expect(drawnText({ ...job, wanted: 2, of: 8 })).toMatch(
      /^2 pictures are kept, after 5 of at most 8 tries\. The others stay/,
    );
    expect(drawnText({ ...job, made: 1, kept: 1, wanted: 1, of: 2 })).toBe(
      '1 picture is kept, after 1 of at most 2 tries.',
    );
    expect(drawnText({ ...job, wanted: 4 })).toMatch(
      /^5 pictures drawn, 2 of them .* All 5 tries are used before 4 were kept\..* Draw more/,
    );
    expect(drawnText({ ...job, wanted: 4, of: 8, cancelled: true })).toMatch(/cancelled before 4 were kept/);
  });
});

describe('drawingText', () => {
  it('counts what decides the end', () => {
    const state = { phase: 'running' as const, fitting: null, ...job };
    expect(drawingText(state)).toBe('Drawing: 5 of 5 made, 2 kept');
    expect(drawingText({ ...state, wanted: 4, of: 8 })).toBe('Drawing: 2 of 4 kept, 5 of at most 8 made');
    expect(drawingText({ ...state, phase: 'paused', fitting: { done: 1, total: 9 } })).toBe(
      'Paused: Looking at the photos: 1 of 9 pictures',
    );
  });
});
