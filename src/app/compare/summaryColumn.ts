import type { SummaryRow } from '../store/compare.ts';

/** Scores that are summed up. */
export type SummaryKey = 'score' | 'patchAp' | 'iou';

/** Means over the photos of the subject, and how many of them fell. */
export function summaryColumn(
  rows: readonly SummaryRow[],
  key: SummaryKey,
): { before: number | null; after: number | null; worse: number; count: number } {
  const own = rows.filter(({ isSubject, maps }) => isSubject && typeof maps.pretrained?.[key] === 'number');
  const both = own.filter(({ maps }) => typeof maps.personalized?.[key] === 'number');
  const mean = (values: number[]) =>
    values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  return {
    before: mean(own.map(({ maps }) => maps.pretrained![key]!)),
    after: mean(both.map(({ maps }) => maps.personalized![key]!)),
    worse: both.filter(({ maps }) => maps.personalized![key]! < maps.pretrained![key]! - 0.0005).length,
    count: both.length,
  };
}
