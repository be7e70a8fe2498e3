import wgsl from '../../../shaders/reduce.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Inputs up to this many elements are summed by one workgroup at once. */
const DIRECT = 4096;
/** Partial sums of the first stage. */
const PARTIALS = 4096;

/** How `reduceAll` sums. */
export interface ReduceOptions {
  /** Sum x² instead of x. */
  squares?: boolean;
  /** Factor on the result. */
  factor?: number;
}

/** factor · Σ x (or Σ x²) as a scalar [1], by a tree of fixed shape. Not on the tape: for ops and optimizers. */
export function reduceAll(
  context: Context,
  x: Tensor,
  { squares = false, factor = 1 }: ReduceOptions = {},
): Tensor {
  return context.scope(() => {
    const y = context.empty([1], 'sum');
    let source = x;
    if (x.size > DIRECT) {
      const invocations = Math.min(PARTIALS, Math.ceil(x.size / 64));
      source = context.empty([invocations], 'partial sums');
      context.run(
        { name: 'reduce', wgsl, part: 'partials', constants: { SQUARES: squares } },
        [x, source],
        { count: x.size, invocations },
        linearGrid(invocations, 64),
        x.size,
      );
    }
    context.run(
      { name: 'reduce', wgsl, part: 'finish', constants: { SQUARES: squares && source === x } },
      [source, y],
      { count: source.size, factor },
      [1, 1, 1],
    );
    return y;
  });
}

/** Where an element of the input finds the gradient of the sum it went into. */
const SPREAD_SOURCE = { all: '0', rows: 'i / params.columns', columns: 'i % params.columns' };

/**
 * Gradient of a sum at its input [R, C]: dx = factor · dy of the element's sum, times 2x for sums of squares.
 * @param over what was summed: all elements (dy [1]), each row (dy [R]) or each column (dy [C])
 * @param squared the input, for a sum of squares
 */
export function spread(
  context: Context,
  dy: Tensor,
  shape: readonly number[],
  over: keyof typeof SPREAD_SOURCE,
  factor = 1,
  squared?: Tensor,
): Tensor {
  const dx = context.empty(shape, 'sum gradient');
  context.run(
    {
      name: 'reduce',
      wgsl,
      part: 'spread',
      constants: { SQUARES: squared !== undefined, SOURCE: SPREAD_SOURCE[over] },
    },
    squared ? [dy, dx, squared] : [dy, dx],
    { count: dx.size, columns: dx.columns, factor },
    linearGrid(dx.size, 64),
    dx.size,
  );
  return dx;
}
