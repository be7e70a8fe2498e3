import type { Edges } from './edges.ts';

/** How strongly neighbours agree, against one unit of belief in the prior. */
const SMOOTHNESS = 8;
/** Agreement left across the strongest edge, so that the system stays well conditioned. */
const LEAST_AGREEMENT = 1e-3;
/** Iterations of conjugate gradients; the answer is thresholded, so few are enough. */
const ITERATIONS = 30;

/** Agreement of neighbours: falls with their colour distance, relative to the image's mean. */
export interface Affinities {
  width: number;
  height: number;
  right: Float32Array;
  down: Float32Array;
}

/** Affinity exp(−d²/(2·mean d²)) of every pair of neighbours, as in GrabCut. */
export function affinities({ width, height, right, down, mean }: Edges): Affinities {
  const weigh = (distance: number) =>
    SMOOTHNESS * (Math.exp(-distance / (2 * mean + 1e-6)) + LEAST_AGREEMENT);
  const across = right.map((distance, i) => ((i + 1) % width === 0 ? 0 : weigh(distance)));
  const below = down.map((distance, i) => (i >= width * (height - 1) ? 0 : weigh(distance)));
  return { width, height, right: across, down: below };
}

/**
 * Random walker with priors: the x that minimizes Σ b_i (x_i − p_i)² + Σ a_ij (x_i − x_j)² over pixels i and
 * neighbours ij, so that x follows the prior p but changes only at colour edges. Solved by conjugate gradients with a
 * diagonal preconditioner.
 * Source: Grady, "Multilabel random walker image segmentation using prior models", CVPR 2005.
 *
 * @param prior p, [height, width] in 0…1
 * @param belief b, [height, width], above 0
 * @returns x, about 0…1
 */
export function randomWalk(
  grid: Affinities,
  prior: Float32Array,
  belief: Float32Array,
): Float32Array<ArrayBuffer> {
  const count = prior.length;
  const diagonal = degrees(grid, belief);
  const x = new Float32Array(prior);
  const product = new Float32Array(count);
  multiply(grid, diagonal, x, product);
  const residual = prior.map((value, i) => belief[i]! * value - product[i]!);
  const direction = residual.map((value, i) => value / diagonal[i]!);
  let energy = residual.reduce((sum, value, i) => sum + value * direction[i]!, 0);
  for (let iteration = 0; iteration < ITERATIONS && energy > 1e-9 * count; iteration++) {
    multiply(grid, diagonal, direction, product);
    let curvature = 0;
    for (let i = 0; i < count; i++) curvature += direction[i]! * product[i]!;
    const step = energy / curvature;
    let next = 0;
    for (let i = 0; i < count; i++) {
      x[i]! += step * direction[i]!;
      residual[i]! -= step * product[i]!;
      next += residual[i]! ** 2 / diagonal[i]!;
    }
    const keep = next / energy;
    for (let i = 0; i < count; i++) direction[i] = residual[i]! / diagonal[i]! + keep * direction[i]!;
    energy = next;
  }
  return x;
}

/** Diagonal of the system: belief plus the affinities to all neighbours. */
function degrees({ width, right, down }: Affinities, belief: Float32Array): Float32Array {
  const diagonal = belief.slice();
  for (let i = 0; i < diagonal.length; i++) {
    diagonal[i]! += right[i]! + down[i]!;
    if (right[i]! > 0) diagonal[i + 1]! += right[i]!;
    if (down[i]! > 0) diagonal[i + width]! += down[i]!;
  }
  return diagonal;
}

function multiply(
  { width, right, down }: Affinities,
  diagonal: Float32Array,
  x: Float32Array,
  out: Float32Array,
): void {
  for (let i = 0; i < x.length; i++) out[i] = diagonal[i]! * x[i]!;
  for (let i = 0; i < x.length; i++) {
    const across = right[i]!;
    if (across > 0) {
      out[i]! -= across * x[i + 1]!;
      out[i + 1]! -= across * x[i]!;
    }
    const below = down[i]!;
    if (below > 0) {
      out[i]! -= below * x[i + width]!;
      out[i + width]! -= below * x[i]!;
    }
  }
}
