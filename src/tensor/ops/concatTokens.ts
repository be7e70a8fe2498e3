import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { stridedSum } from './rows.ts';

/**
 * The input of a vision transformer: a class token before the patch tokens, position table added to both.
 * @param token [C] (any shape of C numbers)
 * @param patches [B, N, C]
 * @param positions [1 + N, C], the same for every sequence; left out when there is none
 * @returns [B, 1 + N, C]
 * Gradients: of the token the sum of dy's first tokens, of the positions the sum of dy over the batch.
 */
export function prependToken(
  context: Context,
  token: Tensor,
  patches: Tensor,
  positions?: Tensor | undefined,
): Tensor {
  const [batch, count, width] = patches.shape as [number, number, number];
  const tokens = count + 1;
  if (patches.shape.length !== 3 || token.size !== width) {
    throw new Error(`prependToken: token [${token.shape}] does not fit patches [${patches.shape}]`);
  }
  if (positions && (positions.columns !== width || positions.rows !== tokens)) {
    throw new Error(
      `prependToken: positions [${positions.shape}] do not fit ${tokens} tokens of ${width}; interpolate the table first`,
    );
  }
  const y = context.empty([batch, tokens, width], 'tokens');
  context.kernels.rows.prepend(
    { batch, tokens, width },
    { token: token.buffer, x: patches.buffer, positions: positions?.buffer, y: y.buffer },
  );
  context.record('prependToken', [token, patches, positions], y, [], (dy) => {
    const overBatch = (x: Tensor) => {
      const stride = tokens * width;
      const sum = { outer: 1, width: x.size, count: batch, offset: 0, outerStride: 0, stride, scale: 1 };
      return stridedSum(context, dy, sum, x.shape);
    };
    let patchGradient: Tensor | undefined;
    if (patches.requiresGrad) {
      patchGradient = context.empty(patches.shape, 'patch gradient');
      const block = count * width;
      context.kernels.rows.copy(
        { rows: batch, width: block, xStride: tokens * width, xOffset: width, yStride: block, yOffset: 0 },
        { x: dy.buffer, y: patchGradient.buffer },
      );
    }
    return [
      token.requiresGrad ? overBatch(token) : undefined,
      patchGradient,
      positions?.requiresGrad ? overBatch(positions) : undefined,
    ];
  });
  return y;
}
