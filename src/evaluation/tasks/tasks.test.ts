import { describe, expect, it } from 'vitest';
import type { DenseRecord, PictureRecord } from './records.ts';
import { rankGallery } from './retrieval.ts';
import { scoreSubject } from './scores.ts';

const picture = (
  owner: string,
  score: number,
  dense: DenseRecord | null = null,
  shift: string | null = null,
): PictureRecord => ({
  image: `${owner} ${score}`,
  owner,
  shift,
  global: true,
  score,
  retrieval: null,
  dense,
});
const hit = (confidence: number, boxIou: number, maskIou: number): DenseRecord => ({
  ...{ confidence, boxArea: 2000, maskArea: 1500 },
  truth: { maskArea: 1500, boxArea: 2000, boxIou, maskIou, patchAp: 0.5 },
});
const alarm = (confidence: number): DenseRecord => ({ confidence, boxArea: 900, maskArea: 800, truth: null });

describe('rankGallery', () => {
  const gallery = [
    { subject: 'a', embedding: Float32Array.of(1, 0) },
    { subject: 'b', embedding: Float32Array.of(0, 1) },
    { subject: 'a', embedding: Float32Array.of(-1, 0.1) },
  ];

  it('ranks by cosine, whatever the lengths', () => {
    const { ndcg, reciprocalRank, top10 } = rankGallery(Float32Array.of(0, 5), gallery, 'a')!;
    // Order: b, then the two of a.
    expect(ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / 2) / (1 + 1 / Math.log2(3)), 12);
    expect(reciprocalRank).toBe(1 / 2);
    expect(top10).toBe(true);
  });

  it('has nothing to say when the gallery shows one subject only, or not this one', () => {
    expect(rankGallery(Float32Array.of(1, 0), [gallery[0]!, gallery[2]!], 'a')).toBeNull();
    expect(rankGallery(Float32Array.of(1, 0), gallery, 'c')).toBeNull();
  });
});

describe('scoreSubject', () => {
  it('counts pictures of others as negatives and their predictions as false', () => {
    const records = [
      picture('a', 0.9, hit(0.9, 1, 0.6)),
      picture('b', 0.8, alarm(0.95)),
      picture('a', 0.7, hit(0.5, 0.4, 0.4)),
    ];
    const { overall, shifts } = scoreSubject('a', records);
    expect(overall.classification!.prAuc).toBeCloseTo((1 + 2 / 3) / 2, 12);
    // Ranking: alarm, hit, miss. Precision 1/2 up to recall .5: 51 of 101 points.
    expect(overall.detection!.ap50).toBeCloseTo((51 * 0.5) / 101, 12);
    expect(overall.segmentation!.ap50).toBeCloseTo((51 * 0.5) / 101, 12);
    expect(overall.segmentation!.ap75).toBe(0);
    expect(overall.segmentation!.meanIou).toBeCloseTo(0.5, 12);
    expect(overall.patchAp).toBe(0.5);
    expect(overall.pictures).toBe(3);
    expect(shifts).toEqual({});
  });

  it('leaves own pictures without a mask out of the dense tasks, and nothing found is no false one', () => {
    const unmasked: DenseRecord = { ...alarm(0.99) };
    const nothing: DenseRecord = { confidence: null, boxArea: 0, maskArea: 0, truth: null };
    const { overall } = scoreSubject('a', [
      picture('a', 0.9, hit(0.5, 1, 1)),
      picture('a', 0.8, unmasked),
      picture('b', 0.1, nothing),
    ]);
    expect(overall.detection!.map).toBeCloseTo(1, 12);
  });

  it('says null where a task cannot be judged', () => {
    const { overall } = scoreSubject('a', [picture('a', 0.9), picture('a', 0.8)]);
    expect(overall).toEqual({
      ...{ pictures: 2, positives: 2, classification: null, retrieval: null },
      ...{ detection: null, segmentation: null, patchAp: null },
    });
  });

  it('keeps pictures for the dense tasks out of the image tasks', () => {
    const dense = { ...picture('a', 0.1, hit(0.9, 1, 1)), global: false };
    const { overall } = scoreSubject('a', [picture('a', 0.9), picture('b', 0.5), dense]);
    expect(overall.classification!.prAuc).toBe(1);
    expect([overall.pictures, overall.positives]).toEqual([2, 1]);
    expect(overall.detection!.map).toBeCloseTo(1, 12);
  });

  it('scores each shift against the negatives of that shift, in the order in which shifts are told', () => {
    const { shifts } = scoreSubject('a', [
      picture('a', 0.5, null, 'distractors'),
      picture('a', 0.5, null, 'pose'),
      picture('b', 0.9, null, 'pose'),
      picture('a', 0.5, null, 'id'),
      picture('b', 0.1, null, 'id'),
    ]);
    expect(Object.keys(shifts)).toEqual(['id', 'pose', 'distractors']);
    expect(shifts.id!.classification!.prAuc).toBe(1);
    expect(shifts.pose!.classification!.prAuc).toBe(0.5);
  });

  it('counts pictures of others without a shift in every shift, own ones in none', () => {
    const { shifts } = scoreSubject('a', [
      picture('a', 0.5, null, 'pose'),
      picture('a', 0.1, null),
      picture('b', 0.9, null),
    ]);
    expect(shifts.pose!.classification!.prAuc).toBe(0.5);
    expect([shifts.pose!.pictures, shifts.pose!.positives]).toEqual([2, 1]);
  });
});
