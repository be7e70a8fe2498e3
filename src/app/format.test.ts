import { describe, expect, it } from 'vitest';
import { byteSize, duration, roughDuration } from './format.ts';

describe('format', () => {
  it('says durations', () => {
    expect([0.4, 59.6, 60, 125, 3725, 7200].map(duration)).toEqual([
      '0 s',
      '1 min',
      '1 min',
      '2 min 5 s',
      '1 h 2 min',
      '2 h 0 min',
    ]);
  });

  it('says guesses no finer than they are', () => {
    const minutes = [1, 31, 84, 95, 280, 700, 3000];
    expect(minutes.map((each) => roughDuration(60 * each))).toEqual([
      ...['1 min', '30 min', '85 min', '1.5 h', '4.5 h', '12 h', '2 days'],
    ]);
  });

  it('says sizes', () => {
    expect([12, 1500, 14_612_352, 2.5e9].map(byteSize)).toEqual(['12 B', '1.5 kB', '15 MB', '2.5 GB']);
  });
});
