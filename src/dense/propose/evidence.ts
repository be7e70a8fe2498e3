import type { PatchGeometry } from '../../images/geometry.ts';
import { patchRect } from '../../images/geometry.ts';
import { cosineMap, similarityMap } from '../similarity.ts';
import { unit, unitToken } from '../vectors.ts';
import { type Click, nearestSquared } from './clicks.ts';

/** Patches around a click are averaged with a Gaussian of this many patches, so that a click near an edge still works. */
const POOL_PATCHES = 0.7;
/** How far from a click patches may join the object on the second look, as a share of the photo's longer side. */
const REACH = 0.3;
/** Slope and midpoint, in standard deviations of the map, of the first look's soft vote. */
const VOTE_SLOPE = 2;
const VOTE_MIDPOINT = 1;
/** Weight of the clicked patches themselves in the object's vector; the rest is the patches voted in. */
const CLICKED_SHARE = 0.6;

/**
 * How much each patch looks like what was clicked, in standard deviations over the photo. First look: cosine to the
 * clicked patches. Second: cosine to clicked and voted-in patches, minus cosine to the mean of the rest (and of the
 * patches clicked as "not this").
 *
 * @param tokens [rows·columns, dimension]
 * @param clicks in photo pixels, at least one positive
 * @returns [rows, columns]
 */
export function clickEvidence(
  tokens: Float32Array,
  dimension: number,
  geometry: PatchGeometry,
  clicks: readonly Click[],
): Float32Array {
  const positive = clicks.filter((click) => click.positive);
  const negative = clicks.filter((click) => !click.positive);
  const rect = patchRect(geometry, 0);
  const pooling = nearness(geometry, positive, POOL_PATCHES * Math.sqrt(rect.width * rect.height));
  const clicked = weightedMean(tokens, dimension, pooling);
  const first = standardize(cosineMap(tokens, dimension, clicked));

  const reach = nearness(geometry, positive, REACH * Math.max(geometry.photoWidth, geometry.photoHeight));
  const votes = first.map((value, i) => logistic(VOTE_SLOPE * (value - VOTE_MIDPOINT) + Math.log(reach[i]!)));
  const voted = weightedMean(tokens, dimension, votes);
  const object = voted.map((value, i) => (1 - CLICKED_SHARE) * value + CLICKED_SHARE * clicked[i]!);
  const rest = weightedMean(
    tokens,
    dimension,
    votes.map((vote) => 1 - vote),
  );
  const refused = nearness(geometry, negative, POOL_PATCHES * Math.sqrt(rect.width * rect.height));
  const background =
    negative.length === 0
      ? rest
      : weightedMean(tokens, dimension, refused).map((value, i) => (value + rest[i]!) / 2);
  return standardize(
    similarityMap(tokens, dimension, {
      mode: 'object-minus-background',
      object: unit(object),
      background: unit(background),
    }),
  );
}

/** exp(−d²/2σ²) of each patch's middle to the nearest click, in photo pixels; 0 without clicks. */
function nearness(geometry: PatchGeometry, clicks: readonly Click[], sigma: number): Float32Array {
  return Float32Array.from({ length: geometry.columns * geometry.rows }, (_, i) => {
    const { x, y, width, height } = patchRect(geometry, i);
    return Math.exp(-nearestSquared(clicks, x + width / 2, y + height / 2) / (2 * sigma ** 2));
  });
}

/** Weighted sum of unit tokens, at length 1. */
function weightedMean(tokens: Float32Array, dimension: number, weights: Float32Array): Float32Array {
  const sum = new Float64Array(dimension);
  weights.forEach((weight, index) => {
    if (weight < 1e-3) return;
    const token = unitToken(tokens, dimension, index);
    for (let i = 0; i < dimension; i++) sum[i]! += weight * token[i]!;
  });
  return unit(sum);
}

/** Zero mean, unit standard deviation; a constant map becomes 0. */
function standardize(map: Float32Array): Float32Array {
  const mean = map.reduce((sum, value) => sum + value, 0) / map.length;
  const variance = map.reduce((sum, value) => sum + (value - mean) ** 2, 0) / map.length;
  const deviation = Math.sqrt(variance);
  return map.map((value) => (deviation > 1e-6 ? (value - mean) / deviation : 0));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
