import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Smallest norm divided by, as in PyTorch's `normalize`. */
const EPSILON = 1e-12;

/** Choices that callers may override. */
export interface NormalizeOptions {
  /** Smallest norm divided by. */
  eps?: number;
}

/**
 * Each row of x [..., C] divided by max(‖row‖₂, eps); same shape.
 * dx = (dy − y (y·dy)) / ‖x‖, or dy / eps for rows no longer than eps.
 */
export function normalizeRows(context: Context, x: Tensor, { eps = EPSILON }: NormalizeOptions = {}): Tensor {
  const { rows, columns } = x;
  return context.scope(() => {
    const y = context.empty(x.shape, 'normalized');
    const norms = context.empty([rows], 'norms');
    context.kernels.normalize.forward(
      { rows, columns, eps, kept: rows, period: rows, skipped: 0 },
      { x: x.buffer, y: y.buffer, norms: norms.buffer },
    );
    context.record('normalizeRows', [x], y, [y, norms], (dy) => {
      const dx = context.empty(x.shape, 'normalized gradient');
      context.kernels.normalize.backward(
        { rows, columns, eps },
        { y: y.buffer, norms: norms.buffer, dy: dy.buffer, dx: dx.buffer },
      );
      return [dx];
    });
    return y;
  });
}

/**
 * Patch tokens of unit length, for caching: tokens [M, T, C] → [M, T − prefix, C], without the first `prefix` tokens of
 * each image (class token, registers). Not differentiable.
 * @throws Error when no tokens are left
 */
export function normalizeTokens(context: Context, tokens: Tensor, prefix = 0): Tensor {
  const [images, count, columns] = tokens.shape;
  if (tokens.shape.length !== 3 || prefix >= count!) {
    throw new Error(
      `normalizeTokens: tokens must be [images, tokens, channels] with more than ${prefix} tokens, got [${tokens.shape}]`,
    );
  }
  const kept = count! - prefix;
  const rows = images! * kept;
  return context.scope(() => {
    const y = context.empty([images!, kept, columns!], 'normalized tokens');
    const norms = context.empty([rows], 'norms');
    context.kernels.normalize.forward(
      { rows, columns: columns!, eps: EPSILON, kept, period: count!, skipped: prefix },
      { x: tokens.buffer, y: y.buffer, norms: norms.buffer },
    );
    return y;
  });
}
