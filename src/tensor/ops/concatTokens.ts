import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { stridedSum } from './rows.ts';

/**
 * The input of a vision transformer: tokens of its own (a class token, registers) before the patch tokens, position table added
 * to all.
 * @param prefix [P, C], or any shape of P·C numbers
 * @param patches [B, N, C]
 * @param positions [P + N, C], the same for every sequence; left out when there is none
 * @returns [B, P + N, C]
 * Gradients: of the prefix the sum of dy's first tokens, of the positions the sum of dy over the batch.
 */
export function prependTokens(
  context: Context,
  prefix: Tensor,
  patches: Tensor,
  positions?: Tensor | undefined,
): Tensor {
  const [batch, count, width] = patches.shape as [number, number, number];
  const first = prefix.size / width;
  const tokens = first + count;
  if (patches.shape.length !== 3 || !Number.isInteger(first)) {
    throw new Error(`prependTokens: prefix [${prefix.shape}] does not fit patches [${patches.shape}]`);
  }
  if (positions && (positions.columns !== width || positions.rows !== tokens)) {
    throw new Error(
      `prependTokens: positions [${positions.shape}] do not fit ${tokens} tokens of ${width}; interpolate the table first`,
    );
  }
  const y = context.empty([batch, tokens, width], 'tokens');
  context.kernels.rows.prepend(
    { batch, tokens, prefix: first, width },
    { token: prefix.buffer, x: patches.buffer, positions: positions?.buffer, y: y.buffer },
  );
  context.record('prependTokens', [prefix, patches, positions], y, [], (dy) => {
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
        {
          rows: batch,
          width: block,
          xStride: tokens * width,
          xOffset: first * width,
          yStride: block,
          yOffset: 0,
        },
        { x: dy.buffer, y: patchGradient.buffer },
      );
    }
    return [
      prefix.requiresGrad ? overBatch(prefix) : undefined,
      patchGradient,
      positions?.requiresGrad ? overBatch(positions) : undefined,
    ];
  });
  return y;
}
