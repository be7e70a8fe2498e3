import { averagePrecision } from '../metrics/averagePrecision.ts';
import { type CocoImage, cocoScores, referenceF1 } from '../metrics/coco.ts';
import type { DenseRecord, PictureRecord } from './records.ts';
import { orderShifts } from './shifts.ts';

/** The four tasks and the raw map, for one subject and one set of weights; null where a task cannot be judged. */
export interface TaskScores {
  /** Pictures of the image tasks, and how many of them show the subject. */
  pictures: number;
  positives: number;
  classification: { prAuc: number } | null;
  retrieval: { ndcg: number; mrr: number; top10: number } | null;
  detection: DenseScores | null;
  segmentation: (DenseScores & { meanIou: number }) | null;
  /** Mean over the subject's pictures; the paper has no such number. */
  patchAp: number | null;
}

/** COCO's averages, and the reference's own F1, which is not a standard one. */
export interface DenseScores {
  map: number;
  ap50: number;
  ap75: number;
  referenceF1At50: number;
  referenceF1Mean: number;
}

/**
 * Scores over all pictures, and over those of each shift alone (whose pools are smaller: not comparable with the whole).
 * Pictures of others that are of no shift are negatives of every one.
 */
export interface SubjectScores {
  overall: TaskScores;
  shifts: Record<string, TaskScores>;
}

/** Score a subject from what was said of every test picture, its own and the others'. */
export function scoreSubject(subject: string, records: readonly PictureRecord[]): SubjectScores {
  const shifts = orderShifts(records.flatMap(({ shift }) => shift ?? []));
  return {
    overall: scoreTasks(subject, records),
    shifts: Object.fromEntries(
      shifts.map((shift) => [
        shift,
        scoreTasks(
          subject,
          records.filter((record) => record.shift === shift || isNegative(subject, record)),
        ),
      ]),
    ),
  };
}

function isNegative(subject: string, { owner, shift }: PictureRecord): boolean {
  return shift === null && owner !== subject;
}

function scoreTasks(subject: string, records: readonly PictureRecord[]): TaskScores {
  const whole = records.filter(({ global }) => global);
  const own = records.filter(({ owner }) => owner === subject);
  const positives = whole.filter(({ owner }) => owner === subject).length;
  const prAuc =
    positives > 0 && positives < whole.length
      ? averagePrecision(
          whole.map(({ score }) => score),
          whole.map(({ owner }) => owner === subject),
        )
      : null;
  const queries = own.map(({ retrieval }) => retrieval).filter((query) => query !== null);
  const truths = own.map(({ dense }) => dense?.truth).filter((truth) => truth != null);
  const aps = truths.map(({ patchAp }) => patchAp).filter((ap) => ap !== null);
  const boxes = denseScores(subject, records, 'box');
  const masks = denseScores(subject, records, 'mask');
  return {
    pictures: whole.length,
    positives,
    classification: prAuc === null ? null : { prAuc },
    retrieval: queries.length
      ? {
          ndcg: mean(queries.map(({ ndcg }) => ndcg)),
          mrr: mean(queries.map(({ reciprocalRank }) => reciprocalRank)),
          top10: mean(queries.map(({ top10 }) => Number(top10))),
        }
      : null,
    detection: boxes,
    segmentation: masks && { ...masks, meanIou: mean(truths.map(({ maskIou }) => maskIou)) },
    patchAp: aps.length ? mean(aps) : null,
  };
}

/**
 * COCO's scores of one prediction a picture. Own pictures without a mask are left out: what was found in them is neither
 * right nor wrong. Every prediction in a picture of another subject is a false one.
 */
function denseScores(
  subject: string,
  records: readonly PictureRecord[],
  kind: 'box' | 'mask',
): DenseScores | null {
  const images: CocoImage[] = [];
  for (const { owner, dense } of records) {
    if (!dense || (owner === subject && !dense.truth)) continue;
    images.push(cocoImage(dense, kind));
  }
  const scores = cocoScores(images);
  if (!scores) return null;
  const f1 = referenceF1(images)!;
  return { ...scores, referenceF1At50: f1.at50, referenceF1Mean: f1.mean };
}

function cocoImage({ confidence, boxArea, maskArea, truth }: DenseRecord, kind: 'box' | 'mask'): CocoImage {
  const area = kind === 'box' ? boxArea : maskArea;
  const iou = truth && (kind === 'box' ? truth.boxIou : truth.maskIou);
  return {
    detections: confidence === null ? [] : [{ score: confidence, ious: iou === null ? [] : [iou], area }],
    // COCO takes an object's area from its mask for boxes too.
    truths: truth ? [truth.maskArea] : [],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
