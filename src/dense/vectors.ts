/** Σ a[aStart + i]·b[i] over `b`. */
export function dot(a: Float32Array, aStart: number, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += a[aStart + i]! * b[i]!;
  return sum;
}

/** Euclidean length of `length` numbers from `start`. */
export function norm(values: ArrayLike<number>, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** The vector at length 1; the zero vector stays. */
export function unit(values: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const length = norm(values, 0, values.length) || 1;
  return Float32Array.from(values, (value) => value / length);
}

/** The token at `index` of [patches, dimension], at length 1. */
export function unitToken(tokens: Float32Array, dimension: number, index: number): Float32Array<ArrayBuffer> {
  return unit(tokens.subarray(index * dimension, (index + 1) * dimension));
}

/** Cosine of two vectors of equal size; 0 when one of them is zero. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const lengths = norm(a, 0, a.length) * norm(b, 0, b.length);
  return lengths === 0 ? 0 : dot(a, 0, b) / lengths;
}
