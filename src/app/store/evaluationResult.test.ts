import { describe, expect, it } from 'vitest';
import type { TaskScores } from '../../evaluation/tasks/scores.ts';
import { type EvaluatedRow, rowsThatStay } from './evaluationResult.ts';

const overall: TaskScores = {
  ...{ pictures: 2, positives: 1, classification: { prAuc: 1 } },
  ...{ retrieval: null, detection: null, segmentation: null, patchAp: null },
};
const row = (adapterId: string | null): EvaluatedRow => ({
  ...{ subject: 's', recipe: adapterId ?? 'pretrained', seed: null, adapterId, name: `${adapterId}` },
  ...{ scores: { overall, shifts: {} }, records: [] },
});
const result = {
  ...{ rows: [row(null), row('a'), row('gone')], signature: 'photos', otherSubjects: 0, finishedAt: 0 },
};

describe('rowsThatStay', () => {
  it('keeps the pretrained row and those of adapters that are there', () => {
    const rows = rowsThatStay(result, 'photos', [{ id: 'a' }, { id: 'new' }]);
    expect(rows.map(({ adapterId }) => adapterId)).toEqual([null, 'a']);
  });

  it('keeps none when photos, masks or the encoder are others', () => {
    expect(rowsThatStay(result, 'other photos', [{ id: 'a' }])).toEqual([]);
    expect(rowsThatStay(null, 'photos', [])).toEqual([]);
  });
});
