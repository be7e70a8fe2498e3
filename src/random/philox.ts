import { hashLabel } from './label.ts';

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;
const TWO_32 = 2 ** 32;

/** Four 32-bit words. */
export type Words4 = [number, number, number, number];
/** Two 32-bit words. */
export type Words2 = [number, number];

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers, from 16-bit halves (no BigInt in the hot loop). */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/**
 * Philox4x32-10: 128 random bits from a 128-bit counter and a 64-bit key; a pure function, so any place of any stream
 * can be reached at once. The dropout kernel computes the same words on the GPU.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 * @returns four unsigned 32-bit words
 */
export function philox4x32(counter: Readonly<Words4>, key: Readonly<Words2>): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0 >>> 0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2 >>> 0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** Where a generator stands; plain numbers, safe in JSON. */
export interface PhiloxState {
  seed: number;
  stream: number;
  /** 32-bit words drawn so far. */
  position: number;
}

/** A seed, stream or position that is not a whole number of 0 to 2^53 − 1. */
export class RandomStateError extends RangeError {
  override name = 'RandomStateError';
}

function wholeNumber(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RandomStateError(
      `The ${what} of a random generator is ${value}; give a whole number from 0 to 2^53 − 1.`,
    );
  }
  return value;
}

/**
 * A seeded stream of random numbers: word `p` of stream `s` under seed `k` is word `p mod 4` of
 * `philox4x32([⌊p/4⌋ low, high, s low, high], [k low, high])`. Same seed, same stream: same numbers, everywhere.
 */
export class Philox {
  #seed: number;
  #stream: number;
  #position = 0;
  #block: Words4 = [0, 0, 0, 0];
  #blockIndex = -1;

  /** @throws RandomStateError when seed or stream is not a whole number of 0 to 2^53 − 1 */
  constructor(seed: number, stream = 0) {
    this.#seed = wholeNumber(seed, 'seed');
    this.#stream = wholeNumber(stream, 'stream');
  }

  /** The next word, a whole number of 0 to 2^32 − 1. */
  word(): number {
    const index = Math.floor(this.#position / 4);
    if (index !== this.#blockIndex) {
      this.#block = philox4x32(
        [index >>> 0, Math.floor(index / TWO_32), this.#stream >>> 0, Math.floor(this.#stream / TWO_32)],
        [this.#seed >>> 0, Math.floor(this.#seed / TWO_32)],
      );
      this.#blockIndex = index;
    }
    const word = this.#block[this.#position % 4]!;
    this.#position++;
    return word;
  }

  /** Uniform in [0, 1), in steps of 2^−32. */
  next(): number {
    return this.word() / TWO_32;
  }

  /** Uniform in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Uniform whole number of 0 to n − 1, without modulo bias (words of the incomplete last interval are drawn again). */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new RandomStateError(`int(${n}): give a whole number from 1 to 2^32.`);
    }
    const limit = TWO_32 - (TWO_32 % n);
    for (;;) {
      const word = this.word();
      if (word < limit) return word % n;
    }
  }

  /** Standard normal by Box–Muller; two words a number, so that the position alone is the whole state. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Permute in place (Fisher–Yates) and return the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    const array = items as { length: number; [index: number]: unknown };
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return items;
  }

  /** One of the items, each as likely. */
  choice<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** Index of a weight, drawn in proportion to the weights (none negative, not all zero). */
  weighted(weights: readonly number[]): number {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!(total > 0) || weights.some((weight) => weight < 0)) {
      throw new RandomStateError(
        `weighted([${weights.join(', ')}]): give weights of at least 0, one above 0.`,
      );
    }
    let rest = this.next() * total;
    for (let i = 0; i < weights.length; i++) {
      rest -= weights[i]!;
      if (rest < 0) return i;
    }
    return weights.findLastIndex((weight) => weight > 0);
  }

  /**
   * An independent stream under the same seed, named by `label` below this one. It does not depend on how many numbers
   * were drawn here, so work can be done in any order.
   */
  split(label: string): Philox {
    const [low, high] = hashLabel(label);
    const words = philox4x32(
      [low, high, this.#stream >>> 0, Math.floor(this.#stream / TWO_32)],
      [(this.#seed ^ 0x5bd1e995) >>> 0, Math.floor(this.#seed / TWO_32)],
    );
    return new Philox(this.#seed, words[0] + (words[1] & 0x1fffff) * TWO_32);
  }

  /** Go to a place of the stream, counted in words. */
  seek(position: number): this {
    this.#position = wholeNumber(position, 'position');
    return this;
  }

  state(): PhiloxState {
    return { seed: this.#seed, stream: this.#stream, position: this.#position };
  }

  /** Take over a saved state; the next numbers are those that would have come after `state()`. */
  restore({ seed, stream, position }: PhiloxState): this {
    this.#seed = wholeNumber(seed, 'seed');
    this.#stream = wholeNumber(stream, 'stream');
    this.#blockIndex = -1;
    return this.seek(position);
  }
}
