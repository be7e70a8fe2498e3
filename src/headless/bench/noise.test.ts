import { expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { noise } from './noise.ts';

it('fills any size from the range, repeating what it drew', () => {
  for (const size of [1, 7, 65_521, 65_522, 300_000]) {
    const values = noise(new Philox(1), size, -2, 3);
    expect(values.length).toBe(size);
    expect(values.every((value) => value >= -2 && value < 3)).toBe(true);
    if (size > 65_521) expect(values[65_521]).toBe(values[0]);
  }
  const values = noise(new Philox(1), 1000, -2, 3);
  expect(new Set(values).size).toBeGreaterThan(900);
  expect(noise(new Philox(1), 9, -2, 3)).toEqual(values.slice(0, 9));
});
