import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { slice } from './slice.ts';

/** Rows from..to of x [R, ..]: [to − from, ..]. */
export function sliceRows(context: Context, x: Tensor, from: number, to: number): Tensor {
  return slice(context, x, 0, from, to);
}

/** Tokens from..to of every sequence in x [B, T, C]: [B, to − from, C]. */
export function sliceTokens(context: Context, x: Tensor, from: number, to: number): Tensor {
  return slice(context, x, 1, from, to);
}

/** One token of every sequence in x [B, T, C], say the class token: [B, C]. */
export function selectToken(context: Context, x: Tensor, token = 0): Tensor {
  return context.reshape(sliceTokens(context, x, token, token + 1), [x.shape[0]!, x.columns]);
}

/** Columns from..to of x [.., C]: [.., to − from]. */
export function sliceColumns(context: Context, x: Tensor, from: number, to: number): Tensor {
  return slice(context, x, x.shape.length - 1, from, to);
}
