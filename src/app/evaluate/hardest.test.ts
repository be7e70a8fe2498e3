import { describe, expect, it } from 'vitest';
import type { EvaluatedRow } from '../store/evaluationResult.ts';
import { hardest } from './hardest.ts';

const row = (recipe: string, scores: Record<string, number>): EvaluatedRow => ({
  ...{ subject: 'a', recipe, seed: null, adapterId: recipe, name: recipe },
  scores: { overall: {} as EvaluatedRow['scores']['overall'], shifts: {} },
  records: Object.entries(scores).map(([image, score]) => ({
    ...{ image, owner: image.startsWith('own') ? 'a' : 'b', shift: null, global: true },
    ...{ score, retrieval: null, dense: null },
  })),
});

describe('hardest', () => {
  it('orders by the adapted encoder: own pictures from below, others from above', () => {
    const { positives, negatives } = hardest([
      row('pretrained', { own1: 0.2, own2: 0.9, other1: 0.8, other2: 0.1 }),
      row('newest', { own1: 0.95, own2: 0.6, other1: 0.3, other2: 0.4 }),
    ]);
    expect(positives).toEqual([
      { image: 'own2', before: 0.9, after: 0.6, maps: [] },
      { image: 'own1', before: 0.2, after: 0.95, maps: [] },
    ]);
    expect(negatives.map(({ image }) => image)).toEqual(['other2', 'other1']);
  });

  it('has the maps of both encoders in that order', () => {
    const map = (low: number) => ({ columns: 1, rows: 1, low, high: 1, levels: new Uint8Array(1) });
    const { positives } = hardest([
      { ...row('pretrained', { own1: 0.2 }), maps: { own1: map(0.1) } },
      { ...row('newest', { own1: 0.9 }), maps: { own1: map(0.2) } },
    ]);
    expect(positives[0]!.maps.map(({ low }) => low)).toEqual([0.1, 0.2]);
  });

  it('goes by the pretrained encoder alone, and has nothing without a row', () => {
    const { positives } = hardest([row('pretrained', { own1: 0.9, own2: 0.2 })]);
    expect(positives.map(({ image, after }) => [image, after])).toEqual([
      ['own2', null],
      ['own1', null],
    ]);
    expect(hardest([])).toEqual({ positives: [], negatives: [] });
  });
});
