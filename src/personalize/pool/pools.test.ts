import { describe, expect, it } from 'vitest';
import { type ImageCounts, type ImageRef, imagePools } from './pools.ts';

const COUNTS: ImageCounts = { real: 3, cutpaste: 8, generated: 0, negative: 5 };

/** How often each image is listed: "real 0" → times. */
function listed(refs: readonly ImageRef[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { source, index } of refs)
    counts.set(`${source} ${index}`, (counts.get(`${source} ${index}`) ?? 0) + 1);
  return counts;
}
const ofSource = (refs: readonly ImageRef[], source: string) => refs.filter((ref) => ref.source === source);

describe('imagePools', () => {
  it('takes real anchors and synthetic positives, as the paper', () => {
    const pools = imagePools(COUNTS, { anchorMode: 'real', positives: 'cutpaste' });
    expect([...listed(pools.anchors).keys()]).toEqual(['real 0', 'real 1', 'real 2']);
    expect(pools.positives.length).toBe(8);
    expect(ofSource(pools.positives, 'cutpaste').length).toBe(8);
    expect(pools.negatives.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['real', 3, 0],
    ['synthetic', 0, 8],
    ['both', 3, 8],
  ] as const)('anchors of mode %s are %d real and %d synthetic', (anchorMode, real, synthetic) => {
    const { anchors } = imagePools(COUNTS, { anchorMode, positives: 'real' });
    expect(ofSource(anchors, 'real').length).toBe(real);
    expect(ofSource(anchors, 'cutpaste').length).toBe(synthetic);
  });

  it('combined positives are half real, half Cut/Paste, each image about as often as its like', () => {
    const { positives } = imagePools(COUNTS, { anchorMode: 'real', positives: 'combined' });
    expect(ofSource(positives, 'real').length).toBe(ofSource(positives, 'cutpaste').length);
    const times = listed(positives);
    expect(times.size).toBe(11);
    expect([...times.values()].filter((count) => count > 1)).toEqual([3, 3, 2]);
  });

  it('falls back on real images when no Cut/Paste could be made', () => {
    const counts = { ...COUNTS, cutpaste: 0 };
    for (const positives of ['cutpaste', 'combined'] as const) {
      const pools = imagePools(counts, { anchorMode: 'synthetic', positives });
      expect(ofSource(pools.anchors, 'real').length).toBe(3);
      expect(ofSource(pools.positives, 'real').length).toBe(pools.positives.length);
    }
  });
});
