import { describe, expect, it } from 'vitest';
import type { PatchGeometry } from '../images/geometry.ts';
import { boxToken, squashedBoxToken } from './boxToken.ts';

/** Two by two patches of 14 pixels over a photo of 56×28: each patch shows 28×14 photo pixels. */
const geometry: PatchGeometry = {
  ...{ photoWidth: 56, photoHeight: 28, patchSize: 14, columns: 2, rows: 2 },
  ...{ resizedWidth: 28, resizedHeight: 28, originX: 0, originY: 0 },
};
const tokens = Float32Array.of(2, 0, 0, 3, 0, -1, 5, 0);

describe('boxToken', () => {
  it('averages unit tokens of the patches whose centre is inside', () => {
    expect(boxToken(tokens, 2, geometry, [0, 0, 56, 14])).toBeAllclose([0.5, 0.5]);
    expect(boxToken(tokens, 2, geometry, [0, 0, 56, 28])).toBeAllclose([0.5, 0]);
    expect(boxToken(tokens, 2, geometry, [28, 14, 28, 14])).toBeAllclose([1, 0]);
  });

  it('takes the patch under the centre of a box smaller than a patch, also at the border', () => {
    expect(boxToken(tokens, 2, geometry, [30, 1, 2, 2])).toBeAllclose([0, 1]);
    expect(boxToken(tokens, 2, geometry, [56, 28, 0, 0])).toBeAllclose([1, 0]);
  });
});

describe('squashedBoxToken', () => {
  it('is the same where the grid is the photo', () => {
    expect(squashedBoxToken(tokens, 2, geometry, [0, 0, 56, 14])!).toBeAllclose([0.5, 0.5]);
    expect(squashedBoxToken(tokens, 2, geometry, [28, 14, 28, 14])!).toBeAllclose([1, 0]);
  });

  it('takes patches of the padding for the photo’s, and has none for a small box', () => {
    // The photo fills the upper row alone; the lower one is padding.
    const padded: PatchGeometry = { ...geometry, resizedHeight: 14 };
    const lower = [0, 14, 56, 14] as const;
    expect(squashedBoxToken(tokens, 2, padded, [...lower])!).toBeAllclose([0.5, -0.5]);
    expect(boxToken(tokens, 2, padded, [...lower])).not.toBeAllclose([0.5, -0.5]);
    expect(squashedBoxToken(tokens, 2, geometry, [30, 1, 2, 2])).toBeNull();
  });
});
