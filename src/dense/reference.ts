import { DenseInputError, EmptyMaskError, patchCount } from './errors.ts';
import { unit, unitToken } from './vectors.ts';

/** Patch tokens of one photo with the share of each patch that is object (`maskToPatches`). */
export interface MaskedTokens {
  /** [patches, dimension]; padding cut away. */
  tokens: Float32Array;
  dimension: number;
  /** [patches], 0…1 */
  coverage: Float32Array;
}

/**
 * Patches covered more than this belong to the object. The reference tests a mean/std-normalized mask for > 0, which
 * is this share of full (method §3.4 step 3).
 */
export const KEPT_COVERAGE = 0.485;

/** `mean+max`: (mean + elementwise max)/2, the paper's; `mean`: the paper's for MAE. */
export type ReferencePooling = 'mean+max' | 'mean';

/**
 * Reference vector of method §3.4 step 3 from the first photo: unit patch tokens covered by more than 0.485, pooled, at
 * length 1. An object too small for any patch to pass is taken from its best covered patches.
 *
 * @returns [dimension]
 * @throws EmptyMaskError when no patch holds any object
 */
export function referenceVector(photo: MaskedTokens, pooling: ReferencePooling = 'mean+max'): Float32Array {
  const { tokens, dimension } = photo;
  const kept = objectPatches(photo);
  const sum = new Float64Array(dimension);
  const largest = new Float64Array(dimension).fill(Number.NEGATIVE_INFINITY);
  for (const index of kept) {
    const token = unitToken(tokens, dimension, index);
    for (let i = 0; i < dimension; i++) {
      sum[i]! += token[i]!;
      largest[i] = Math.max(largest[i]!, token[i]!);
    }
  }
  const mean = sum.map((value) => value / kept.length);
  return unit(pooling === 'mean' ? mean : mean.map((value, i) => (value + largest[i]!) / 2));
}

/** Indices of the patches that stand for the object: over 0.485 covered, else the best covered ones. */
function objectPatches({ tokens, dimension, coverage }: MaskedTokens): number[] {
  const count = patchCount(tokens, dimension);
  if (coverage.length !== count) {
    throw new DenseInputError(`${coverage.length} patches of mask for ${count} patches of photo`);
  }
  const best = coverage.reduce((a, b) => Math.max(a, b), 0);
  if (best === 0) {
    throw new EmptyMaskError(
      'The mask of the photo marks no object. Draw one, or choose another photo as reference.',
    );
  }
  const passes =
    best > KEPT_COVERAGE ? (share: number) => share > KEPT_COVERAGE : (share: number) => share === best;
  return [...coverage.keys()].filter((i) => passes(coverage[i]!));
}

/** What the object looks like and what it stands in front of; both [dimension]. */
export interface ObjectAndBackground {
  object: Float32Array;
  background: Float32Array;
}

/**
 * Vectors of the object-minus-background map: mean object patch and mean background patch (unit tokens; background is
 * what holds no object) of each photo at length 1, averaged over all photos. Averaging the unit vectors makes the map
 * the average over photos of cosine to object minus cosine to background. Beyond the paper: a gain without training
 * that must be offered for both encoders alike.
 *
 * @throws EmptyMaskError when no photo has an object, or none has background
 */
export function objectAndBackground(photos: readonly MaskedTokens[]): ObjectAndBackground {
  const objects: Float32Array[] = [];
  const backgrounds: Float32Array[] = [];
  for (const photo of photos) {
    if (photo.coverage.every((share) => share === 0)) continue;
    objects.push(meanToken(photo, objectPatches(photo)));
    const outside = [...photo.coverage.keys()].filter((i) => photo.coverage[i] === 0);
    if (outside.length > 0) backgrounds.push(meanToken(photo, outside));
  }
  if (objects.length === 0) {
    throw new EmptyMaskError('No photo has a mask that marks an object. Draw one on at least one photo.');
  }
  if (backgrounds.length === 0) {
    throw new EmptyMaskError(
      'The object fills every photo; one with background around the object is needed.',
    );
  }
  return { object: average(objects), background: average(backgrounds) };
}

function meanToken({ tokens, dimension }: MaskedTokens, indices: readonly number[]): Float32Array {
  const sum = new Float64Array(dimension);
  for (const index of indices) {
    const token = unitToken(tokens, dimension, index);
    for (let i = 0; i < dimension; i++) sum[i]! += token[i]!;
  }
  return unit(sum);
}

function average(vectors: readonly Float32Array[]): Float32Array {
  return vectors[0]!.map((_, i) => vectors.reduce((sum, vector) => sum + vector[i]!, 0) / vectors.length);
}
