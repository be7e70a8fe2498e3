import { describe, expect, it } from 'vitest';
import { DenseInputError, EmptyMaskError } from './errors.ts';
import { imageScore } from './imageScore.ts';
import { objectAndBackground, referenceVector } from './reference.ts';
import { cosineMap, similarityMap } from './similarity.ts';
import { rotateTokens } from './testing.ts';
import { unit } from './vectors.ts';

const dimension = 3;
/** Six patches: two along x, one along y, one between, two along z. */
const tokens = Float32Array.from([2, 0, 0, 5, 0, 0, 0, 3, 0, 1, 1, 0, 0, 0, 1, 0, 0, -4]);
const photo = (coverage: number[]) => ({ tokens, dimension, coverage: Float32Array.from(coverage) });
const wave = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 1.3 * i) + 0.3 * Math.cos(seed * i));

describe('referenceVector', () => {
  it('pools unit tokens of kept patches as (mean + max)/2, by hand', () => {
    // Kept: x and y. Mean (1/2, 1/2, 0), max (1, 1, 0): direction (1, 1, 0).
    const half = Math.SQRT1_2;
    expect(referenceVector(photo([1, 0, 0.5, 0.4, 0, 0]))).toBeAllclose([half, half, 0]);
    // Kept: x, x, y. Mean (2/3, 1/3, 0), max (1, 1, 0): (5/6, 4/6, 0).
    expect(referenceVector(photo([1, 1, 0.49, 0, 0, 0]))).toBeAllclose(unit([5, 4, 0]));
    expect(referenceVector(photo([1, 1, 0.49, 0, 0, 0]), 'mean')).toBeAllclose(unit([2, 1, 0]));
  });

  it('takes the elementwise maximum, negative values included', () => {
    // Kept: z and −z. Mean 0, max (0, 0, 1).
    expect(referenceVector(photo([0, 0, 0, 0, 1, 1]))).toBeAllclose([0, 0, 1]);
    // Kept: −z alone: the maximum is the token itself.
    expect(referenceVector(photo([0, 0, 0, 0, 0, 1]))).toBeAllclose([0, 0, -1]);
  });

  it('keeps patches above 0.485, or the best covered where none is', () => {
    expect(referenceVector(photo([0.486, 0, 0.484, 0, 0, 0]))).toBeAllclose([1, 0, 0]);
    expect(referenceVector(photo([0.1, 0, 0.3, 0, 0, 0]))).toBeAllclose([0, 1, 0]);
  });

  it('does not depend on the lengths of tokens', () => {
    const scaled = tokens.map((value, i) => value * (1 + Math.floor(i / dimension)));
    const coverage = Float32Array.of(1, 0.6, 0.7, 0, 0.5, 0);
    expect(referenceVector({ tokens: scaled, dimension, coverage })).toBeAllclose(
      referenceVector({ tokens, dimension, coverage }),
    );
  });

  it('needs an object, and a mask of the photo', () => {
    expect(() => referenceVector(photo([0, 0, 0, 0, 0, 0]))).toThrow(EmptyMaskError);
    expect(() => referenceVector(photo([1, 1]))).toThrow('2 patches of mask for 6');
    expect(() => referenceVector({ tokens, dimension: 4, coverage: new Float32Array(4) })).toThrow(
      DenseInputError,
    );
  });
});

describe('objectAndBackground', () => {
  it('averages unit means over photos; partly covered patches are in neither', () => {
    const { object, background } = objectAndBackground([
      photo([1, 1, 0.3, 0.3, 0, 0.3]),
      photo([0.3, 0.3, 1, 0.3, 0, 0.3]),
    ]);
    expect(object).toBeAllclose([0.5, 0.5, 0]);
    expect(background).toBeAllclose([0, 0, 1]);
  });

  it('makes the map the mean over photos of cosine to object minus cosine to background', () => {
    const first = photo([1, 1, 1, 0, 0, 0.2]);
    const second = photo([0, 0, 0, 1, 0.4, 0]);
    const query = wave(24, 4);
    const map = (photos: Parameters<typeof objectAndBackground>[0]) =>
      similarityMap(query, dimension, { mode: 'object-minus-background', ...objectAndBackground(photos) });
    const [a, b] = [map([first]), map([second])];
    expect(map([first, second])).toBeAllclose(
      a.map((value, i) => (value + b[i]!) / 2),
      { atol: 1e-6 },
    );
  });

  it('passes over photos without an object or without background', () => {
    const alone = objectAndBackground([photo([1, 0, 0, 0, 0, 0])]);
    expect(objectAndBackground([photo([0, 0, 0, 0, 0, 0]), photo([1, 0, 0, 0, 0, 0])])).toEqual(alone);
    const full = photo([1, 1, 1, 1, 1, 1]);
    expect(objectAndBackground([photo([1, 0, 0, 0, 0, 0]), full]).background).toEqual(alone.background);
    expect(() => objectAndBackground([photo([0, 0, 0, 0, 0, 0])])).toThrow(EmptyMaskError);
    expect(() => objectAndBackground([full])).toThrow('fills every photo');
  });
});

describe('similarity', () => {
  it('is the cosine to each patch', () => {
    const map = cosineMap(tokens, dimension, Float32Array.of(0, 7, 0));
    expect(map).toBeAllclose([0, 0, 1, Math.SQRT1_2, 0, 0]);
    expect(similarityMap(tokens, dimension, { mode: 'reference', vector: Float32Array.of(0, 7, 0) })).toEqual(
      map,
    );
  });

  it('is 0 for zero tokens and zero vectors', () => {
    expect([...cosineMap(new Float32Array(6), 3, Float32Array.of(1, 2, 3))]).toEqual([0, 0]);
    expect([...cosineMap(tokens, 3, new Float32Array(3))].every((value) => value === 0)).toBe(true);
  });

  it('stays the same when feature space is rotated', () => {
    const size = 8;
    const patches = wave(20 * size, 1);
    const vector = wave(size, 2);
    const coverage = Float32Array.from({ length: 20 }, (_, i) => (i % 3) / 2);
    expect(cosineMap(rotateTokens(patches, size), size, rotateTokens(vector, size))).toBeAllclose(
      cosineMap(patches, size, vector),
      { atol: 1e-5 },
    );
    for (const turn of [(x: Float32Array) => x, (x: Float32Array) => rotateTokens(x, size)]) {
      const turned = { tokens: turn(patches), dimension: size, coverage };
      const mean = referenceVector(turned, 'mean');
      expect(mean).toBeAllclose(turn(referenceVector({ ...turned, tokens: patches }, 'mean')), {
        atol: 1e-5,
      });
      const query = { mode: 'object-minus-background', ...objectAndBackground([turned]) } as const;
      const straight = objectAndBackground([{ ...turned, tokens: patches }]);
      expect(similarityMap(turned.tokens, size, query)).toBeAllclose(
        similarityMap(patches, size, { mode: 'object-minus-background', ...straight }),
        { atol: 1e-5 },
      );
    }
  });

  it('refuses vectors of another encoder', () => {
    expect(() => cosineMap(tokens, 3, new Float32Array(4))).toThrow('the same encoder');
    const query = { mode: 'object-minus-background', object: tokens, background: tokens } as const;
    expect(() => similarityMap(tokens, 3, query)).toThrow(DenseInputError);
  });
});

describe('imageScore', () => {
  it('is the largest cosine to a training photo', () => {
    const references = [Float32Array.of(1, 0), Float32Array.of(-3, 3), Float32Array.of(0, -1)];
    expect(imageScore(Float32Array.of(0, 2), references)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(imageScore(Float32Array.of(-1, -1), references)).toBeCloseTo(Math.SQRT1_2, 6);
    expect(imageScore(Float32Array.of(-1, -1), [Float32Array.of(1, 1)])).toBeCloseTo(-1, 6);
  });

  it('needs a photo, of the same encoder', () => {
    expect(() => imageScore(Float32Array.of(1), [])).toThrow(DenseInputError);
    expect(() => imageScore(Float32Array.of(1), [Float32Array.of(1, 2)])).toThrow('1 and 2 dimensions');
  });
});
