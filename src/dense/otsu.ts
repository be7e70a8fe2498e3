import { DenseInputError } from './errors.ts';

/** Bins of the histogram, scikit-image's default. */
export const OTSU_BINS = 256;

/**
 * Otsu's threshold: the bin centre that maximizes the variance between the two classes. Equals scikit-image's
 * `threshold_otsu` of a float32 image, whose arithmetic is float32 throughout (so are the roundings here).
 * Source: Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 1979.
 *
 * @param values any shape; what is greater than the threshold is foreground
 * @returns the common value when all are equal
 * @throws DenseInputError without values, or when one is not finite
 */
export function otsuThreshold(values: Float32Array, bins = OTSU_BINS): number {
  const { low, high } = range(values);
  if (low === high) return low;
  const edges = binEdges(low, high, bins);
  const counts = histogram(values, edges);
  const centers = counts.map((_, i) => Math.fround(edges[i]! + edges[i + 1]!) / 2);
  const moments = counts.map((count, i) => count * centers[i]!);
  const weightBelow = cumulative(counts);
  const weightAbove = cumulative(counts.toReversed()).reverse();
  const meanBelow = cumulative(moments).map((sum, i) => sum / weightBelow[i]!);
  const meanAbove = cumulative(moments.toReversed())
    .reverse()
    .map((sum, i) => sum / weightAbove[i]!);
  let best = 0;
  let largest = -1;
  for (let i = 0; i + 1 < bins; i++) {
    const distance = Math.fround(meanBelow[i]! - meanAbove[i + 1]!);
    const weights = Math.fround(weightBelow[i]! * weightAbove[i + 1]!);
    const variance = Math.fround(weights * Math.fround(distance * distance));
    if (variance > largest) {
      largest = variance;
      best = i;
    }
  }
  return centers[best]!;
}

function range(values: Float32Array): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value))
      throw new DenseInputError(`a map with the value ${value} has no Otsu threshold`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (values.length === 0) throw new DenseInputError('an empty map has no Otsu threshold');
  return { low, high };
}

/** `bins + 1` equally spaced edges, as NumPy's float32 `linspace` rounds them. */
function binEdges(low: number, high: number, bins: number): Float32Array {
  const step = Math.fround(Math.fround(high - low) / bins);
  const edges = Float32Array.from({ length: bins + 1 }, (_, i) => Math.fround(i * step) + low);
  edges[bins] = high;
  return edges;
}

/** Values in [edge i, edge i + 1), the last bin closed. */
function histogram(values: Float32Array, edges: Float32Array): Float32Array {
  const bins = edges.length - 1;
  const counts = new Float32Array(bins);
  const scale = bins / (edges[bins]! - edges[0]!);
  for (const value of values) {
    let bin = Math.min(Math.floor((value - edges[0]!) * scale), bins - 1);
    if (value < edges[bin]!) bin--;
    else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
    counts[bin]!++;
  }
  return counts;
}

/** Running sums in float32. */
function cumulative(values: Float32Array): Float32Array {
  let sum = 0;
  return values.map((value) => (sum = Math.fround(sum + value)));
}
