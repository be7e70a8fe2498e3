import { relativeError } from '../images/relativeError.ts';

/** Absolute and relative tolerance, as in NumPy: |a − b| ≤ atol + rtol·|b|. */
export interface Tolerance {
  atol?: number;
  rtol?: number;
}

/** Compare two arrays elementwise; NaN never passes. The message names the worst element. */
export function allclose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { atol = 1e-6, rtol = 1e-5 }: Tolerance = {},
): { pass: boolean; message: string } {
  if (actual.length !== expected.length) {
    return { pass: false, message: `lengths differ: ${actual.length} and ${expected.length}` };
  }
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < actual.length; i++) {
    const excess = Math.abs(actual[i]! - expected[i]!) - (atol + rtol * Math.abs(expected[i]!));
    if (!(excess <= 0) && !(excess <= worstExcess)) {
      worst = i;
      worstExcess = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
    }
  }
  if (worst < 0) return { pass: true, message: 'arrays are close, expected them to differ' };
  return {
    pass: false,
    message: `arrays differ, worst at [${worst}]: got ${actual[worst]}, expected ${expected[worst]} (atol ${atol}, rtol ${rtol}), relative error of the whole ${relativeError(actual, expected)}`,
  };
}
