import { describe, expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { checkGradients, testNumbers } from '../../testing/gradients.ts';
import { gelu } from './gelu.ts';

/** erf by its Maclaurin series, in f64: converges to 1e-12 for |x| < 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe('gelu', () => {
  it('has erf within 2e-7 from -5.5 to 5.5', async () => {
    const context = await testContext();
    const x = Float32Array.from({ length: 4001 }, (_, i) => (i / 2000 - 1) * 5.5);
    const y = context.scope(() => gelu(context, context.fromArray(x, [4001])));
    const values = await context.read(y);
    y.release();
    let worst = 0;
    // erf = 2 y / x − 1; the product with x rounds once more (6e-8 relative to y), which the bound leaves room for.
    x.forEach((value, i) => {
      if (Math.abs(value) < 1e-3) return;
      worst = Math.max(worst, Math.abs((2 * values[i]!) / value - 1 - erf(value / Math.SQRT2)));
    });
    expect(worst).toBeLessThan(2e-7);
  });

  it('keeps the tails: identity far right, vanishing far left, zero at zero', async () => {
    const context = await testContext();
    const y = context.scope(() => gelu(context, context.fromArray([0, 12, -12, 1e4, -1e4, -6, -8], [7])));
    const values = await context.read(y);
    y.release();
    expect([...values.slice(0, 5)]).toEqual([0, 12, expect.closeTo(0, 20), 1e4, expect.closeTo(0, 20)]);
    // x Φ(x) at −6 and −8 to many digits: relative, not absolute, accuracy.
    expect(values.slice(5)).toBeAllclose([-5.919526e-9, -4.976769e-15], { rtol: 1e-4, atol: 0 });
  });

  it('differentiates and releases everything', async () => {
    const context = await testContext();
    const before = context.memory.used;
    await checkGradients(context, { x: { shape: [5, 13], values: testNumbers(65, 1, 3) } }, ({ x }) =>
      gelu(context, x!),
    );
    expect(context.memory.used).toBe(before);
  });
});
