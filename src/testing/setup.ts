import { expect } from 'vitest';
import { allclose, type Tolerance } from './allclose.ts';

declare module 'vitest' {
  interface Matchers<T = unknown> {
    /** Elementwise |a − b| ≤ atol + rtol·|b|; says where and by how much it fails. */
    toBeAllclose(expected: ArrayLike<number>, tolerance?: Tolerance): T;
  }
}

expect.extend({
  toBeAllclose(received: ArrayLike<number>, expected: ArrayLike<number>, tolerance?: Tolerance) {
    const result = allclose(received, expected, tolerance);
    return { pass: result.pass, message: () => result.message };
  },
});
