import type { Cell } from '../../evaluation/summary/cells.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import type { AdapterRecord } from '../../library/types.ts';
import type { SmallMap } from './smallMap.ts';

/** One row of the table: the encoder as it is, or with one adapter. */
export interface EvaluatedRow extends Cell {
  /** Of the adapter; null for the pretrained encoder. */
  adapterId: string | null;
  /** Name of the adapter; the recipe says how it was made. */
  name: string;
  /** Every picture's part; `image` is a photo's id. */
  records: PictureRecord[];
  /** Maps by photo id, where there are maps; left out by results of before they were kept. */
  maps?: Record<string, SmallMap>;
}

/** What an evaluation left, kept with the subject. */
export interface EvaluationResult {
  rows: EvaluatedRow[];
  /** What was judged: encoder, photos and masks. When it is another now, the result is out of date. */
  signature: string;
  /** Subjects whose photos served as negatives, this one not counted. */
  otherSubjects: number;
  finishedAt: number;
  /** The row that was under way when it was cancelled, as far as it came. */
  begun?: Pick<EvaluatedRow, 'adapterId' | 'records' | 'maps'> | undefined;
}

/** Rows of a result that can stay: of these photos and this encoder, and of adapters that are still there. */
export function rowsThatStay(
  result: EvaluationResult | null,
  signature: string,
  adapters: readonly Pick<AdapterRecord, 'id'>[],
): EvaluatedRow[] {
  if (result?.signature !== signature) return [];
  return result.rows.filter(
    ({ adapterId: id }) => id === null || adapters.some((adapter) => adapter.id === id),
  );
}
