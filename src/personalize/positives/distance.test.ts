import { describe, expect, it } from 'vitest';
import { drawnMask } from '../../images/testing.ts';
import { signedDistance } from './distance.ts';

const inside = (...rows: string[]) => drawnMask(...rows).data.map((value) => (value ? 1 : 0));

describe('signedDistance', () => {
  it('is half a pixel on both sides of a straight edge and grows by one a pixel', () => {
    const distance = signedDistance(inside('..###', '..###', '..###'), 5, 3);
    expect([...distance.subarray(5, 10)]).toEqual([-1.5, -0.5, 0.5, 1.5, 2.5]);
  });

  it('is no farther than Euclid and 8 %, and no nearer than Euclid', () => {
    const size = 41;
    const seen = new Uint8Array(size * size);
    seen[20 * size + 20] = 1;
    const distance = signedDistance(seen, size, size);
    for (let i = 0; i < seen.length; i++) {
      const euclid = Math.hypot((i % size) - 20, Math.floor(i / size) - 20);
      if (euclid === 0) continue;
      const found = 0.5 - distance[i]!;
      expect(found).toBeGreaterThan(euclid - 1e-3);
      expect(found).toBeLessThan(1.083 * euclid + 1e-3);
    }
  });

  it('has the sign of the mask everywhere', () => {
    const seen = inside('#..#', '.##.', '#...');
    const distance = signedDistance(seen, 4, 3);
    for (let i = 0; i < seen.length; i++) expect(distance[i]! > 0).toBe(seen[i] === 1);
  });
});
