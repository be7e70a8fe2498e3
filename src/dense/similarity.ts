import { DenseInputError, patchCount } from './errors.ts';
import type { ObjectAndBackground } from './reference.ts';
import { dot, norm } from './vectors.ts';

/** What a map compares every patch with. */
export type MapQuery =
  | { mode: 'reference'; vector: Float32Array }
  | ({ mode: 'object-minus-background' } & ObjectAndBackground);

/**
 * Similarity of every patch to a query. For `reference`, the cosine (−1…1); for `object-minus-background`, the unit
 * token times (object − background), a difference of cosines (−2…2).
 *
 * @param tokens [patches, dimension]; need not be unit
 * @returns [patches]
 * @throws DenseInputError when the query has another dimension
 */
export function similarityMap(
  tokens: Float32Array,
  dimension: number,
  query: MapQuery,
): Float32Array<ArrayBuffer> {
  if (query.mode === 'reference') return cosineMap(tokens, dimension, query.vector);
  const { object, background } = query;
  requireDimension(object, dimension);
  requireDimension(background, dimension);
  return projections(
    tokens,
    dimension,
    object.map((value, i) => value - background[i]!),
  );
}

/**
 * Cosine of every patch to one vector; 0 for a zero token or vector.
 * @param tokens [patches, dimension]
 * @returns [patches]
 */
export function cosineMap(
  tokens: Float32Array,
  dimension: number,
  vector: Float32Array,
): Float32Array<ArrayBuffer> {
  requireDimension(vector, dimension);
  const length = norm(vector, 0, dimension);
  return projections(tokens, dimension, length === 0 ? vector : vector.map((value) => value / length));
}

/** Unit token times vector, for each token. */
function projections(
  tokens: Float32Array,
  dimension: number,
  vector: Float32Array,
): Float32Array<ArrayBuffer> {
  const map = new Float32Array(patchCount(tokens, dimension));
  for (let i = 0; i < map.length; i++) {
    const length = norm(tokens, i * dimension, dimension);
    map[i] = length === 0 ? 0 : dot(tokens, i * dimension, vector) / length;
  }
  return map;
}

function requireDimension(vector: Float32Array, dimension: number): void {
  if (vector.length !== dimension) {
    throw new DenseInputError(
      `a vector of ${vector.length} dimensions cannot be compared with tokens of ${dimension}; both must come from the same encoder`,
    );
  }
}
