import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { batchAt, sampleTriplets } from './sampler.ts';

const POOLS = { anchors: 3, positives: 450, negatives: 40 };

describe('sampleTriplets', () => {
  it('draws uniformly with replacement from each pool, independently', () => {
    const triplets = sampleTriplets(POOLS, 4500, new Philox(1234));
    expect(triplets.length).toBe(4500);
    const counts = (key: 'anchor' | 'positive' | 'negative', size: number) => {
      const count = new Float64Array(size);
      for (const triplet of triplets) count[triplet[key]]!++;
      return count;
    };
    expect(counts('anchor', 3)).toBeAllclose([1500, 1500, 1500], { rtol: 0.08 });
    expect(counts('negative', 40)).toBeAllclose(new Array(40).fill(112.5), { rtol: 0.4 });
    const positives = counts('positive', 450);
    expect(Math.max(...positives)).toBeGreaterThan(13);
    // Of draws with replacement, (1 − 1/n)^N of the pool stays out: here all but a hair are met.
    expect(positives.filter((count) => count === 0).length).toBeLessThan(3);
    const together = new Set(triplets.map(({ anchor, positive }) => anchor * 450 + positive));
    expect(together.size).toBeGreaterThan(1200);
  });

  it('is the same for the same seed', () => {
    expect(sampleTriplets(POOLS, 50, new Philox(5))).toEqual(sampleTriplets(POOLS, 50, new Philox(5)));
    expect(sampleTriplets(POOLS, 50, new Philox(5))).not.toEqual(sampleTriplets(POOLS, 50, new Philox(6)));
  });

  it('names the pool that is empty', () => {
    expect(() => sampleTriplets({ ...POOLS, negatives: 0 }, 1, new Philox(1))).toThrow(/no negatives/);
  });
});

describe('batchAt', () => {
  const triplets = sampleTriplets(POOLS, 4500, new Philox(1234));

  it('makes the paper’s 282 steps an epoch, the last of 4 triplets: 564 in two', () => {
    const random = new Philox(1234).split('order');
    const sizes = Array.from({ length: 564 }, (_, step) => batchAt(triplets, 16, step, random).length);
    expect(sizes.filter((size) => size === 16).length).toBe(562);
    expect([sizes[281], sizes[563]]).toEqual([4, 4]);
    expect(sizes.reduce((total, size) => total + size)).toBe(9000);
  });

  it('shows every triplet once an epoch, in another order each time', () => {
    const numbered = Array.from({ length: 10 }, (_, i) => ({ anchor: i, positive: i, negative: i }));
    const random = new Philox(2);
    const epoch = (number: number) =>
      [0, 1, 2, 3].flatMap((step) => batchAt(numbered, 3, 4 * number + step, random).map((t) => t.anchor));
    const epochs = [epoch(0), epoch(1), epoch(2)];
    for (const order of epochs)
      expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(epochs.map((order) => order.join())).size).toBe(3);
  });

  it('has the same triplets at a step, whatever was asked before', () => {
    const random = new Philox(3);
    random.next();
    expect(batchAt(triplets, 16, 300, random)).toEqual(batchAt(triplets, 16, 300, new Philox(3)));
  });
});
