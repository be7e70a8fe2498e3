import { describe, expect, it } from 'vitest';
import type { SummaryRow } from '../store/compare.ts';
import { summaryColumn } from './summaryColumn.ts';

const row = (before: number | null, after: number | null | undefined, isSubject = true): SummaryRow => {
  const map = (iou: number | null) => ({ score: 0.5, patchAp: null, iou });
  return {
    photoId: 'a',
    name: 'a.jpg',
    isSubject,
    maps: { pretrained: map(before), personalized: after === undefined ? undefined : map(after) },
  };
};

describe('summaryColumn', () => {
  it('averages the subject’s photos and counts those that fell', () => {
    const rows = [row(0.2, 0.6), row(0.5, 0.4), row(0.9, 0.1, false), row(null, null)];
    const { before, after, worse, count } = summaryColumn(rows, 'iou');
    expect(before).toBeCloseTo(0.35);
    expect(after).toBeCloseTo(0.5);
    expect([worse, count]).toEqual([1, 2]);
  });

  it('knows nothing after where there is no adapter', () => {
    expect(summaryColumn([row(0.2, undefined)], 'iou')).toEqual({
      before: 0.2,
      after: null,
      worse: 0,
      count: 0,
    });
    expect(summaryColumn([], 'iou').before).toBeNull();
  });
});
