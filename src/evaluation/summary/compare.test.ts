import { describe, expect, it } from 'vitest';
import type { TaskScores } from '../tasks/scores.ts';
import { type Cell, METRICS, PRETRAINED } from './cells.ts';
import { recipesOf, shiftsOf, summarize } from './compare.ts';

const scores = (prAuc: number): TaskScores => ({
  ...{ pictures: 2, positives: 1, classification: { prAuc } },
  ...{ retrieval: null, detection: null, segmentation: null, patchAp: null },
});
const cell = (subject: string, recipe: string, seed: number | null, prAuc: number, pose = prAuc): Cell => ({
  ...{ subject, recipe, seed },
  scores: { overall: scores(prAuc), shifts: { pose: scores(pose) } },
});
const cells = [
  cell('a', 'real', 1, 0.5),
  cell('a', PRETRAINED, null, 0.4, 0.1),
  cell('a', 'real', 2, 0.7, 0.4),
  cell('b', PRETRAINED, null, 0.9),
  cell('b', 'real', 1, 0.8),
];
const prAuc = METRICS.find(({ id }) => id === 'prAuc')!;

describe('summarize', () => {
  it('weighs subjects alike, however many seeds they have', () => {
    expect(summarize(cells, 'real', prAuc).mean).toBeCloseTo((0.6 + 0.8) / 2, 12);
    expect(summarize(cells, PRETRAINED, prAuc)).toMatchObject({ subjects: 2, cells: 2, difference: null });
  });

  it('pairs differences within a subject and tells what got worse', () => {
    const { difference } = summarize(cells, 'real', prAuc);
    const each = [0.1, 0.3, -0.1];
    const mean = each.reduce((a, b) => a + b) / 3;
    const deviation = Math.sqrt(each.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2);
    expect(difference!.mean).toBeCloseTo(mean, 12);
    expect(difference!.standardError).toBeCloseTo(deviation / Math.sqrt(3), 12);
    expect([difference!.better, difference!.worse]).toEqual([2, 1]);
  });

  it('reads one shift alone', () => {
    expect(shiftsOf(cells)).toEqual(['pose']);
    expect(summarize(cells, PRETRAINED, prAuc, 'pose').mean).toBeCloseTo(0.5, 12);
  });

  it('tells how far the mean varies with the seeds, not with the subjects', () => {
    expect(summarize(cells, 'real', prAuc).seedError).toBeNull();
    const twice = [...cells, cell('b', 'real', 2, 1)];
    // Subjects' variances over seeds: 0.02 each; of their means half of it; of the mean of two means a quarter of the sum.
    expect(summarize(twice, 'real', prAuc).seedError).toBeCloseTo(Math.sqrt((0.01 + 0.01) / 4), 12);
    expect(summarize(twice, PRETRAINED, prAuc).seedError).toBeNull();
  });

  it('tells shifts in the order of the paper, then as the data set has them', () => {
    const shifted = (...names: string[]): Cell => {
      const one = cell('a', 'real', 1, 0.5);
      const shifts = Object.fromEntries(names.map((name) => [name, scores(0.5)]));
      return { ...one, scores: { ...one.scores, shifts } };
    };
    const listed = [shifted('winter', 'both', 'distractors'), shifted('autumn', 'id', 'pose', 'winter')];
    expect(shiftsOf(listed)).toEqual(['id', 'pose', 'distractors', 'both', 'winter', 'autumn']);
  });

  it('has no mean where no cell has the number, and no standard error from one', () => {
    const ndcg = METRICS.find(({ id }) => id === 'ndcg')!;
    expect(summarize(cells, 'real', ndcg)).toEqual({
      ...{ mean: null, seedError: null, subjects: 0, cells: 0, difference: null },
    });
    expect(summarize(cells.slice(0, 2), 'real', prAuc).difference!.standardError).toBeNull();
  });

  it('puts the pretrained row first', () => {
    expect(recipesOf(cells)).toEqual([PRETRAINED, 'real']);
  });

  it('compares with the pretrained row of the same photos', () => {
    const few = `${PRETRAINED}, photos 1`;
    const swept = [
      ...[cell('a', few, null, 0.1), cell('a', PRETRAINED, null, 0.6)],
      { ...cell('a', 'real, photos 1', 1, 0.3), baseline: few },
    ];
    expect(summarize(swept, 'real, photos 1', prAuc).difference!.mean).toBeCloseTo(0.2, 12);
    expect(summarize(swept, few, prAuc)).toMatchObject({ mean: 0.1, difference: null });
    expect(recipesOf(swept)).toEqual([few, PRETRAINED, 'real, photos 1']);
  });
});
