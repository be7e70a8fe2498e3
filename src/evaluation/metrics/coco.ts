import { MetricInputError } from './errors.ts';

/** One thing found in an image. */
export interface CocoDetection {
  score: number;
  /** Intersection over union with each of the image's truths, in their order. */
  ious: readonly number[];
  /** In pixels; matters only where areas are restricted. */
  area: number;
}

/** Everything of one category in one image; negatives have no truth. */
export interface CocoImage {
  detections: readonly CocoDetection[];
  /** Area of each true object, in pixels. */
  truths: readonly number[];
}

/** Which objects count, and how many detections of an image. */
export interface CocoLimits {
  /** Truths outside are ignored, and so are unmatched detections outside. */
  area: readonly [number, number];
  detections: number;
}

/** Precision at 101 recalls and the final recall, for one threshold of intersection over union. */
export interface CocoCurve {
  iou: number;
  precision: Float64Array;
  recall: number;
}

/** The ten thresholds of COCO, .50 to .95. */
export const COCO_IOUS: readonly number[] = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);

/** COCO's area ranges: all, small, medium, large. */
export const COCO_AREAS: readonly (readonly [number, number])[] = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
];

const EVERYTHING: CocoLimits = { area: COCO_AREAS[0]!, detections: 100 };
const RECALLS = 101;
/** COCO's guard against a precision of 0/0: the spacing of doubles at 1. */
const EPSILON = Number.EPSILON;

/**
 * Precision-recall curves as COCO defines them for one category (Lin et al., arXiv 1405.0312, and its evaluation code):
 * within an image, detections take, best score first, the free truth they overlap most, if by at least the threshold;
 * over all images, precision is made non-increasing from the right and read at 101 recalls.
 *
 * @returns one curve a threshold; null when no truth counts
 * @throws MetricInputError for a score that is not a number, or overlaps that do not match the truths
 */
export function cocoCurves(
  images: readonly CocoImage[],
  limits: CocoLimits = EVERYTHING,
  thresholds: readonly number[] = COCO_IOUS,
): CocoCurve[] | null {
  requireConsistent(images);
  const counts = ({ truths }: CocoImage) => truths.filter((area) => inside(area, limits.area)).length;
  const truths = images.reduce((sum, image) => sum + counts(image), 0);
  if (truths === 0) return null;
  return thresholds.map((iou) => {
    const matched = images.flatMap((image) => matchImage(image, iou, limits));
    return { iou, ...curve(matched, truths) };
  });
}

/** Average precisions of COCO. */
export interface CocoScores {
  /** Mean over IoU .50 to .95. */
  map: number;
  ap50: number;
  ap75: number;
}

/** AP of one category: the mean precision over 101 recalls; null when there is no truth. */
export function cocoScores(images: readonly CocoImage[]): CocoScores | null {
  const curves = cocoCurves(images);
  if (!curves) return null;
  const averages = curves.map(({ precision }) => mean(precision));
  return { map: mean(averages), ap50: averages[0]!, ap75: averages[5]! };
}

/** The reference's own F1; not a standard one. */
export interface ReferenceF1 {
  at50: number;
  /** Mean over IoU .50 to .95. */
  mean: number;
}

/**
 * F1 as the paper's code has it (method §3.4): for each threshold the mean over 101 recall points of 2PR/(P + R), P
 * averaged over the area ranges and over 1, 10 and 100 detections, R the final recall averaged alike. Recall is that of
 * the whole curve, not of the point, so this is no F1 score in the usual sense. Area ranges without a truth are left out.
 */
export function referenceF1(images: readonly CocoImage[]): ReferenceF1 | null {
  const families = COCO_AREAS.flatMap((area) =>
    [1, 10, 100].map((detections) => cocoCurves(images, { area, detections })),
  ).filter((curves) => curves !== null);
  if (families.length === 0) return null;
  const byThreshold = COCO_IOUS.map((_, t) => {
    const recall = mean(families.map((curves) => curves[t]!.recall));
    let sum = 0;
    for (let r = 0; r < RECALLS; r++) {
      const precision = mean(families.map((curves) => curves[t]!.precision[r]!));
      sum += precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    }
    return sum / RECALLS;
  });
  return { at50: byThreshold[0]!, mean: mean(byThreshold) };
}

/** A detection after matching. */
interface Matched {
  score: number;
  isTrue: boolean;
}

function matchImage({ detections, truths }: CocoImage, threshold: number, limits: CocoLimits): Matched[] {
  const ignored = truths.map((area) => !inside(area, limits.area));
  // Truths that count come first, as a detection that could be either belongs to one that counts.
  const order = [...truths.keys()].sort((a, b) => Number(ignored[a]) - Number(ignored[b]) || a - b);
  const taken = truths.map(() => false);
  const result: Matched[] = [];
  const ranked = [...detections].sort((a, b) => b.score - a.score).slice(0, limits.detections);
  for (const { score, ious, area } of ranked) {
    let best = Math.min(threshold, 1 - 1e-10);
    let match = -1;
    for (const truth of order) {
      if (taken[truth]) continue;
      if (match >= 0 && !ignored[match] && ignored[truth]) break;
      if (ious[truth]! < best) continue;
      best = ious[truth]!;
      match = truth;
    }
    if (match >= 0) taken[match] = true;
    const left = match >= 0 ? ignored[match]! : !inside(area, limits.area);
    if (!left) result.push({ score, isTrue: match >= 0 });
  }
  return result;
}

function curve(matched: readonly Matched[], truths: number): { precision: Float64Array; recall: number } {
  const ranked = [...matched].sort((a, b) => b.score - a.score);
  const precision: number[] = [];
  const recall: number[] = [];
  let hits = 0;
  ranked.forEach(({ isTrue }, i) => {
    if (isTrue) hits++;
    precision.push(hits / (i + 1 + EPSILON));
    recall.push(hits / truths);
  });
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i]!, precision[i + 1]!);
  const read = new Float64Array(RECALLS);
  let at = 0;
  for (let r = 0; r < RECALLS; r++) {
    while (at < recall.length && recall[at]! < r / (RECALLS - 1)) at++;
    if (at === recall.length) break;
    read[r] = precision[at]!;
  }
  return { precision: read, recall: recall.at(-1) ?? 0 };
}

function inside(area: number, [low, high]: readonly [number, number]): boolean {
  return area >= low && area <= high;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

function requireConsistent(images: readonly CocoImage[]): void {
  images.forEach(({ detections, truths }, i) => {
    for (const { score, ious } of detections) {
      if (Number.isNaN(score)) throw new MetricInputError(`a score of image ${i} is not a number`);
      if (ious.length !== truths.length) {
        throw new MetricInputError(
          `image ${i}: ${ious.length} overlaps for ${truths.length} true objects; there must be one each`,
        );
      }
    }
  });
}
