import { describe, expect, it } from 'vitest';
import { Philox } from '../../random/philox.ts';
import { COCO_IOUS, type CocoImage, cocoCurves, cocoScores, referenceF1 } from './coco.ts';
import { MetricInputError } from './errors.ts';

/** An image with one truth of a given size and one detection. */
const found = (score: number, iou: number, area = 1e4): CocoImage => ({
  detections: [{ score, ious: [iou], area }],
  truths: [area],
});
/** An image with a detection of nothing. */
const wrong = (score: number): CocoImage => ({ detections: [{ score, ious: [], area: 1e4 }], truths: [] });
const missed: CocoImage = { detections: [], truths: [1e4] };

/**
 * The same by definition, written another way: for every recall the best precision of any cut of the ranking that
 * reaches it. One truth and one detection an image at most, distinct scores.
 */
function bruteForce(images: readonly CocoImage[], threshold: number): number {
  const truths = images.filter((image) => image.truths.length).length;
  const all = images.flatMap(({ detections }) =>
    detections.map(({ score, ious }) => ({ score, good: ious.length > 0 && ious[0]! >= threshold })),
  );
  let sum = 0;
  for (let r = 0; r <= 100; r++) {
    let best = 0;
    for (const { score: cut } of all) {
      const kept = all.filter(({ score }) => score >= cut);
      const hits = kept.filter(({ good }) => good).length;
      if (hits / truths >= r / 100) best = Math.max(best, hits / kept.length);
    }
    sum += best;
  }
  return sum / 101;
}

describe('COCO average precision', () => {
  it('is by hand: two of three found, one false alarm between', () => {
    // Ranking: hit, miss, hit; recall 1/3, 1/3, 2/3; precision made monotone 1, 2/3, 2/3.
    // Recalls 0…0.33 (34 points) read 1, 0.34…0.66 (33) read 2/3, the rest 0.
    const images = [found(0.9, 1), wrong(0.8), found(0.7, 1), missed];
    const expected = (34 + 33 * (2 / 3)) / 101;
    expect(cocoScores(images)!.ap50).toBeCloseTo(expected, 12);
    expect(cocoScores(images)!.map).toBeCloseTo(expected, 12);
  });

  it('averages over thresholds: an overlap of .72 counts for five of ten', () => {
    const { map, ap50, ap75 } = cocoScores([found(0.5, 0.72)])!;
    expect(ap50).toBeCloseTo(1, 12);
    expect(ap75).toBe(0);
    expect(map).toBeCloseTo(0.5, 12);
  });

  it('counts an overlap of exactly the threshold, also the perfect one', () => {
    expect(cocoScores([found(0.5, 0.75)])!.ap75).toBeCloseTo(1, 12);
    expect(cocoCurves([found(0.5, 1)], undefined, [1])![0]!.recall).toBe(1);
  });

  it('gives a truth to the better-scored detection, and a detection to its largest overlap', () => {
    const twice: CocoImage = {
      detections: [
        { score: 0.4, ious: [0.9], area: 1 },
        { score: 0.8, ious: [0.6], area: 1 },
      ],
      truths: [1],
    };
    // At .5 the first by score takes it (precision 1 at full recall); at .65 it is wrong and the second is right.
    const [low, high] = cocoCurves([twice], undefined, [0.5, 0.65])!;
    expect(low!.precision[100]).toBeCloseTo(1, 12);
    expect(high!.precision[100]).toBeCloseTo(1 / 2, 12);
    const two: CocoImage = {
      detections: [
        { score: 0.9, ious: [0.6, 0.8], area: 1 },
        { score: 0.5, ious: [0.7, 0.1], area: 1 },
      ],
      truths: [1, 1],
    };
    expect(cocoCurves([two], undefined, [0.5])![0]!.recall).toBe(1);
  });

  it('equals the definition on random rankings', () => {
    const random = new Philox(7).split('coco');
    for (let trial = 0; trial < 20; trial++) {
      const images = Array.from({ length: 12 }, () => {
        const score = random.next();
        if (random.chance(0.4)) return wrong(score);
        return random.chance(0.15) ? missed : found(score, random.next());
      });
      if (!images.some(({ truths }) => truths.length)) continue;
      const scores = cocoScores(images)!;
      const expected = COCO_IOUS.map((threshold) => bruteForce(images, threshold));
      expect(scores.ap50).toBeCloseTo(expected[0]!, 10);
      expect(scores.ap75).toBeCloseTo(expected[5]!, 10);
      expect(scores.map).toBeCloseTo(expected.reduce((a, b) => a + b) / 10, 10);
    }
  });

  it('ignores truths and unmatched detections outside an area range', () => {
    const images = [
      found(0.9, 1, 500),
      found(0.8, 1, 5000),
      { detections: [{ score: 0.95, ious: [], area: 5000 }], truths: [] },
    ];
    const small = cocoCurves(images, { area: [0, 1024], detections: 100 }, [0.5])!;
    expect(small[0]!.precision[100]).toBeCloseTo(1, 12);
    expect(cocoCurves(images, { area: [1e5, 1e10], detections: 100 })).toBeNull();
  });

  it('takes only the best detections of an image', () => {
    const image: CocoImage = {
      detections: [
        { score: 0.9, ious: [0.1], area: 1 },
        { score: 0.8, ious: [0.9], area: 1 },
      ],
      truths: [1],
    };
    const recall = (detections: number) =>
      cocoCurves([image], { area: [0, 1e10], detections }, [0.5])![0]!.recall;
    expect([recall(1), recall(2)]).toEqual([0, 1]);
  });

  it('has no value without truths and is 0 without detections', () => {
    expect(cocoScores([wrong(0.3)])).toBeNull();
    expect(cocoScores([missed])).toEqual({ map: 0, ap50: 0, ap75: 0 });
  });

  it('refuses scores and overlaps that do not fit', () => {
    expect(() => cocoScores([found(Number.NaN, 1)])).toThrow(MetricInputError);
    expect(() => cocoScores([{ detections: [{ score: 1, ious: [1], area: 1 }], truths: [] }])).toThrow(
      '1 overlaps for 0 true objects',
    );
  });
});

describe("the reference's F1", () => {
  it('is 1 for a perfect detector and mixes curve precision with the final recall', () => {
    expect(referenceF1([found(0.9, 1)])!.at50).toBeCloseTo(1, 12);
    // One of two found, nothing wrong: precision 1 up to recall .5 (51 points), final recall .5.
    const f1 = referenceF1([found(0.9, 1), missed])!;
    expect(f1.at50).toBeCloseTo((51 * (2 * 0.5)) / 1.5 / 101, 12);
    expect(referenceF1([wrong(0.1)])).toBeNull();
  });
});
