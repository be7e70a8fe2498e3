import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawnMask } from '../../images/testing.ts';
import { averagePrecision, precisionRecallCurve } from './averagePrecision.ts';
import { MetricInputError } from './errors.ts';
import { boxIou, maskIou } from './iou.ts';
import { ndcg } from './ndcg.ts';
import { patchAp } from './patchAp.ts';
import { firstRelevantRank, reciprocalRank, topKHit } from './retrieval.ts';

const golden: {
  average_precision: { scores: number[]; labels: number[]; ap: number }[];
  ndcg: { scores: number[]; relevance: number[]; ndcg: number; ties: boolean }[];
} = JSON.parse(readFileSync(new URL('./testdata/metrics.json', import.meta.url), 'utf8'));

/** A fixed reordering, so that results may not depend on the order of items. */
const shuffled = <T>(items: readonly T[]): T[] => items.map((_, i) => items[(i * 7 + 3) % items.length]!);

describe('averagePrecision', () => {
  it.each(
    golden.average_precision.map((c) => ({ ...c, n: c.scores.length })),
  )('equals scikit-learn on $n scores', ({ scores, labels, ap }) => {
    expect(Math.abs(averagePrecision(scores, labels)! - ap)).toBeLessThan(1e-12);
    expect(averagePrecision(shuffled(scores), shuffled(labels))).toBeCloseTo(ap, 12);
    expect(
      averagePrecision(
        scores.map((s) => Math.exp(3 * s) - 2),
        labels,
      ),
    ).toBeCloseTo(ap, 12);
  });

  it('counts ties together: three at one score, one of them positive', () => {
    expect(averagePrecision([0.9, 0.5, 0.5, 0.5, 0.1], [1, 0, 1, 0, 1])).toBeCloseTo(
      (1 + 2 / 4 + 3 / 5) / 3,
      12,
    );
    expect(averagePrecision([2, 2, 2, 2], [0, 1, 0, 0])).toBe(0.25);
  });

  it('is 1 for a perfect ranking and defined for booleans', () => {
    expect(averagePrecision([3, 2, 1], [true, true, false])).toBe(1);
  });

  it('has no value without positives', () => {
    expect(averagePrecision([1, 2], [0, 0])).toBeNull();
    expect(averagePrecision([], [])).toBeNull();
  });

  it('refuses what it cannot rank', () => {
    expect(() => averagePrecision([1, Number.NaN], [0, 1])).toThrow(MetricInputError);
    expect(() => averagePrecision([1], [0, 1])).toThrow('1 scores for 2 labels');
  });

  it('gives one curve point for each distinct score', () => {
    expect(precisionRecallCurve([0.5, 0.7, 0.5, 0.1], [1, 0, 1, 1])).toEqual([
      { threshold: 0.7, precision: 0, recall: 0 },
      { threshold: 0.5, precision: 2 / 3, recall: 2 / 3 },
      { threshold: 0.1, precision: 3 / 4, recall: 1 },
    ]);
  });
});

describe('ndcg', () => {
  it.each(
    golden.ndcg.map((c) => ({ ...c, n: c.scores.length })),
  )('equals scikit-learn on $n scores, ties $ties', ({ scores, relevance, ndcg: want }) => {
    expect(Math.abs(ndcg(scores, relevance)! - want)).toBeLessThan(1e-12);
    expect(ndcg(shuffled(scores), shuffled(relevance))).toBeCloseTo(want, 12);
  });

  it('takes graded relevance: gains over discounts, by hand', () => {
    const ideal = 3 + 2 / Math.log2(3) + 1 / 2;
    expect(ndcg([0.1, 0.9, 0.5], [3, 2, 1])).toBeCloseTo((2 + 1 / Math.log2(3) + 3 / 2) / ideal, 12);
  });

  it('has no value when nothing is relevant, and refuses negative gains', () => {
    expect(ndcg([1, 2], [0, 0])).toBeNull();
    expect(() => ndcg([1, 2], [0, -1])).toThrow(MetricInputError);
  });
});

describe('retrieval', () => {
  it('ranks the first relevant item from 1', () => {
    expect(firstRelevantRank([0.1, 0.9, 0.5, 0.4], [1, 0, 0, 1])).toBe(3);
    expect(reciprocalRank([0.1, 0.9, 0.5, 0.4], [1, 0, 0, 1])).toBe(1 / 3);
    expect(topKHit([0.1, 0.9, 0.5, 0.4], [1, 0, 0, 1], 2)).toBe(false);
    expect(topKHit([0.1, 0.9, 0.5, 0.4], [1, 0, 0, 1], 3)).toBe(true);
  });

  it('puts irrelevant items first among equals, in whatever order they come', () => {
    expect(firstRelevantRank([1, 1, 1, 1], [1, 0, 0, 1])).toBe(3);
    expect(firstRelevantRank([1, 1, 1, 1], [0, 0, 1, 1])).toBe(3);
  });

  it('has no rank when nothing is relevant', () => {
    expect(firstRelevantRank([1], [0])).toBeNull();
    expect(reciprocalRank([1], [0])).toBeNull();
    expect(topKHit([1], [0], 10)).toBeNull();
  });
});

describe('intersection over union', () => {
  const a = drawnMask('##..', '##..');
  const b = drawnMask('.##.', '.##.');

  it('of masks, by hand and symmetric', () => {
    expect(maskIou(a, b)).toBe(2 / 6);
    expect(maskIou(b, a)).toBe(2 / 6);
    expect(maskIou(a, a)).toBe(1);
    expect(maskIou(a, drawnMask('..##', '..##'))).toBe(0);
    expect(maskIou(drawnMask('..'), drawnMask('..'))).toBe(1);
    expect(maskIou(drawnMask('..'), drawnMask('#.'))).toBe(0);
  });

  it('of masks refuses unequal sizes', () => {
    expect(() => maskIou(a, drawnMask('##'))).toThrow('4×2 and 2×1');
  });

  it('of boxes, by hand', () => {
    expect(boxIou([0, 0, 2, 2], [1, 0, 2, 2])).toBe(2 / 6);
    expect(boxIou([0, 0, 2, 2], [0.5, 0.5, 1, 1])).toBe(1 / 4);
    expect(boxIou([0, 0, 2, 2], [2, 0, 2, 2])).toBe(0);
    expect(boxIou([0, 0, 2, 2], [5, 5, 2, 2])).toBe(0);
    expect(boxIou([3, 3, 0, 0], [3, 3, 0, 0])).toBe(0);
  });

  it('of a box equals that of its mask', () => {
    expect(boxIou([0, 0, 2, 2], [1, 0, 2, 2])).toBe(maskIou(a, b));
  });
});

describe('patchAp', () => {
  it('calls patches object from half coverage on', () => {
    const coverage = Float32Array.of(0.5, 0.49, 1, 0);
    expect(patchAp(Float32Array.of(0.9, 0.8, 0.7, 0.1), coverage)).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(patchAp(Float32Array.of(0.9, 0.1, 0.7, 0.1), coverage)).toBe(1);
  });

  it('has no value when the object covers no patch', () => {
    expect(patchAp(Float32Array.of(1, 2), Float32Array.of(0.4, 0))).toBeNull();
  });
});
