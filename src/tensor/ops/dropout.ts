import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

const TWO_32 = 2 ** 32;

/** Where the random words of one dropout come from: the stream `new Philox(seed, offset)` of src/random. */
export interface DropoutKey {
  /** Whole number of 0 to 2^53 − 1. */
  seed: number;
  /** Stream of words, another for every dropout of a run (layer and step); whole number of 0 to 2^53 − 1. */
  offset: number;
  /**
   * Row of a larger batch that x starts at (0): a micro-batch then draws the words its rows would get in the whole
   * batch. Other than 0 it needs columns in multiples of four.
   */
  firstRow?: number;
}

/** A dropout probability outside [0, 1), or rows that do not start a block of random words. */
export class DropoutRangeError extends RangeError {
  override name = 'DropoutRangeError';
}

/**
 * Each element of x is zeroed with probability p, the others divided by 1 − p (inverted dropout). Element i is kept
 * when word i of `new Philox(seed, offset)` is at least p·2³², on every adapter. dx is the dropout of dy with the same
 * words; no mask is kept.
 * @throws DropoutRangeError
 */
export function dropout(context: Context, x: Tensor, p: number, key: DropoutKey): Tensor {
  const y = applyDropout(context, x, p, key);
  if (y !== x) context.record('dropout', [x], y, [], (dy) => [applyDropout(context, dy, p, key)]);
  return y;
}

/** `dropout` without going on the tape: for ops that record their own gradient. x itself when p is zero. */
export function applyDropout(
  context: Context,
  x: Tensor,
  p: number,
  { seed, offset, firstRow = 0 }: DropoutKey,
): Tensor {
  if (!(p >= 0 && p < 1)) {
    throw new DropoutRangeError(`dropout: the probability is ${p}; give one from 0 to below 1.`);
  }
  if (p === 0) return x;
  const firstBlock = (firstRow * x.columns) / 4;
  if (!Number.isInteger(firstBlock)) {
    throw new DropoutRangeError(
      `dropout: row ${firstRow} of ${x.columns} columns does not start a block of four words.`,
    );
  }
  const y = context.empty(x.shape, 'dropout');
  context.kernels.dropout.apply(
    {
      count: x.size,
      threshold: Math.min(Math.round(p * TWO_32), TWO_32 - 1),
      seed: words(seed),
      stream: words(offset),
      firstBlock,
      scale: 1 / (1 - p),
    },
    { x: x.buffer, y: y.buffer },
  );
  return y;
}

/** A whole number below 2^64 as two words of 32 bits, the low one first. */
function words(value: number): [low: number, high: number] {
  return [value % TWO_32, Math.floor(value / TWO_32)];
}
