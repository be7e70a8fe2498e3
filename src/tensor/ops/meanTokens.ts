import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { stridedSum } from './rows.ts';

/**
 * Mean of tokens from..to of every sequence (the mean patch token: from 1).
 * @param x [B, T, C]
 * @returns [B, C]
 * dx is dy/(to − from) at the tokens meant, zero elsewhere.
 */
export function meanTokens(context: Context, x: Tensor, from = 0, to = x.shape[1]!): Tensor {
  const [batch, tokens, width] = x.shape as [number, number, number];
  if (x.shape.length !== 3 || from < 0 || to > tokens || from >= to) {
    throw new Error(`meanTokens: range ${from}..${to} does not fit [${x.shape}]`);
  }
  const scale = 1 / (to - from);
  const y = stridedSum(
    context,
    x,
    {
      outer: batch,
      width,
      count: to - from,
      offset: from * width,
      outerStride: tokens * width,
      stride: width,
      scale,
    },
    [batch, width],
  );
  context.record('meanTokens', [x], y, [], (dy) => {
    const dx = context.empty(x.shape, 'meanTokens gradient');
    context.kernels.rows.spread(
      { outer: batch, count: tokens, width, begin: from, end: to, scale },
      { x: dy.buffer, y: dx.buffer },
    );
    return [dx];
  });
  return y;
}
