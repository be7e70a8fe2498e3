import { beforeAll, describe, expect, it } from 'vitest';
import { compileEntry } from '../../../scripts/kernels.mjs';

/** The functions of `kernels/math.ts` on arrays, the one under test chosen by its place in this list. */
const FUNCTIONS = ['exp', 'sigmoid', 'tanh', 'log', 'bell', 'upperTail'] as const;
const ENTRY = `
import { bell, exp, log, sigmoid, tanh, upperTail } from './math';
export function apply(which: i32, from: usize, count: i32): void {
  for (const end = from + (<usize>count << 2); from < end; from += 16) {
    const x = v128.load(from);
    let y = x;
    switch (which) {
      case 0: y = exp(x); break;
      case 1: y = sigmoid(x); break;
      case 2: y = tanh(x); break;
      case 3: y = log(x); break;
      case 4: y = bell(x); break;
      case 5: y = upperTail(x, bell(x)); break;
    }
    v128.store(from, y);
  }
}`;

type Which = (typeof FUNCTIONS)[number];

const START = 65_536;
const BLOCK = 2 ** 20;
let apply: (which: number, from: number, count: number) => void;
let block: Float32Array;

beforeAll(async () => {
  const memory = new WebAssembly.Memory({ initial: 1 + (BLOCK * 4) / 65_536, maximum: 65_536, shared: true });
  const { instance } = await WebAssembly.instantiate(await compileEntry(ENTRY, 'simd'), { env: { memory } });
  apply = instance.exports.apply as typeof apply;
  block = new Float32Array(memory.buffer, START, BLOCK);
}, 60_000);

/** Values of a function at up to BLOCK numbers. */
function valuesAt(which: Which, numbers: readonly number[]): number[] {
  block.set(numbers);
  apply(FUNCTIONS.indexOf(which), START, numbers.length);
  return [...block.subarray(0, numbers.length)];
}

/** Largest error(value, truth, x) over every 4001st f32 number between two. */
function worst(
  which: Which,
  [low, high]: readonly [number, number],
  truth: (x: number) => number,
  error: (value: number, truth: number, x: number) => number,
): number {
  const x = new Float32Array(BLOCK);
  const bits = new Int32Array(x.buffer);
  let result = 0;
  let used = 0;
  const measure = () => {
    block.set(x);
    apply(FUNCTIONS.indexOf(which), START, BLOCK);
    for (let i = 0; i < used; i++) {
      const e = error(block[i]!, truth(x[i]!), x[i]!);
      if (!(e <= result)) result = e;
    }
    used = 0;
  };
  const add = (sign: number, from: number, to: number) => {
    for (let magnitude = bitsOf(from); magnitude <= bitsOf(to); magnitude += 4001) {
      bits[used++] = magnitude | sign;
      if (used === BLOCK) measure();
    }
  };
  if (low < 0) add(0x80000000, high < 0 ? -high : 0, -low);
  if (high > 0) add(0, low > 0 ? low : 0, high);
  measure();
  return result;
}

function bitsOf(x: number): number {
  return new Int32Array(Float32Array.of(x).buffer)[0]!;
}

/** Distance in units of the last place that f32 has at the truth. */
function ulps(value: number, truth: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(truth))));
  return Math.abs(value - truth) / 2 ** (exponent - 23);
}

/** Relative error in parts of what the rounding of a²/2 makes of it. */
function besideGaussian(value: number, truth: number, a: number): number {
  return Math.abs(value / truth - 1) / (1 + (a * a) / 2);
}

/** Φ(−a) in f64: its series about zero below 3, Laplace's continued fraction from there. */
function upperTail(a: number): number {
  const density = Math.exp((-a * a) / 2) / Math.sqrt(2 * Math.PI);
  if (a < 3) {
    let term = a;
    let sum = a;
    for (let n = 3; term > 1e-18; n += 2) {
      term *= (a * a) / n;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = a;
  for (let k = 80; k > 0; k--) fraction = a + k / fraction;
  return density / fraction;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('functions of four numbers', () => {
  it('e^x', () => {
    expect(worst('exp', [-87.33, 88.72], Math.exp, ulps)).toBeLessThan(1);
    const [none, one, huge, tiny, all, nothing, wrong, half] = valuesAt('exp', [
      ...[0, 1, 88.8, -87.4, Infinity, -Infinity, NaN, 88.5],
    ]) as [number, number, number, number, number, number, number, number];
    expect([none, huge, tiny, all, nothing, wrong]).toEqual([1, Infinity, 0, Infinity, 0, NaN]);
    expect([ulps(one, Math.E), ulps(half, Math.exp(88.5))].every((e) => e < 1)).toBe(true);
  });

  it('the logistic function', () => {
    expect(worst('sigmoid', [-87.3, 1e30], sigmoid, ulps)).toBeLessThan(3);
    expect(valuesAt('sigmoid', [0, Infinity, -Infinity, NaN])).toEqual([0.5, 1, 0, NaN]);
  });

  it('tanh', () => {
    expect(worst('tanh', [-1e30, 1e30], Math.tanh, ulps)).toBeLessThan(2);
    expect(valuesAt('tanh', [0, Infinity, -Infinity, NaN])).toEqual([0, 1, -1, NaN]);
  });

  it('ln x', () => {
    expect(worst('log', [1e-45, 3.4e38], Math.log, ulps)).toBeLessThan(1);
    expect(valuesAt('log', [0, 1, Infinity, -1, -Infinity, NaN, -0, 1])).toEqual([
      ...[-Infinity, 0, Infinity, NaN, NaN, NaN, -Infinity, 0],
    ]);
  });

  it('e^(−a²/2) and the tail of the normal distribution', () => {
    const far = 12.9;
    expect(worst('bell', [0, far], (a) => Math.exp((-a * a) / 2), besideGaussian)).toBeLessThan(1.2e-7);
    expect(worst('upperTail', [0, far], upperTail, besideGaussian)).toBeLessThan(2.5e-7);
    // Φ(−1), Φ(−6) to many digits.
    expect(upperTail(1)).toBeCloseTo(0.158655253931457, 14);
    expect(upperTail(6) / 9.8658764503769e-10).toBeCloseTo(1, 12);
  });
});
