import { expect } from 'vitest';
import { allclose, type Tolerance } from './allclose.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: must repeat vitest's own declaration
  interface Matchers<T = any> {
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
