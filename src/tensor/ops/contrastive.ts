import type { ContrastiveKind } from '../../backend/families/losses.ts';
import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { normalizeRows } from './normalizeRows.ts';

/** Constants of the losses; each uses its own. */
interface ContrastiveConstants {
  tau?: number;
  margin?: number;
  normalized: boolean;
}

/**
 * The common part of the losses over all pairs: the matrix [A, P + N] of products, the loss and dL/d(product) of every
 * element, and the gradients of anchors q [A, C], positives p [P, C] and negatives n [N, C], each only where wanted.
 * @returns the loss as a scalar [1]
 * @throws ShapeError when the widths differ or a side is empty
 */
export function contrastive(
  context: Context,
  kind: ContrastiveKind,
  anchors: Tensor,
  positives: Tensor,
  negatives: Tensor,
  { tau = 1, margin = 0, normalized }: ContrastiveConstants,
): Tensor {
  const inputs = [anchors, positives, negatives];
  if (inputs.some(({ size, columns }) => size === 0 || columns !== anchors.columns)) {
    const shapes = inputs.map(({ shape }) => `[${shape}]`).join(', ');
    throw new ShapeError(
      `${kind}: anchors, positives and negatives must be rows of one width, got ${shapes}`,
    );
  }
  return context.scope(() => {
    if (normalized) return onDirections(context, kind, anchors, positives, negatives, tau, margin);
    const [q, p, n] = inputs.map((rows) => normalizeRows(context, rows));
    return onDirections(context, kind, q!, p!, n!, tau, margin);
  });
}

function onDirections(
  context: Context,
  kind: ContrastiveKind,
  q: Tensor,
  p: Tensor,
  n: Tensor,
  tau: number,
  margin: number,
): Tensor {
  const shape = { anchors: q.rows, positives: p.rows, negatives: n.rows, columns: q.columns };
  const kernels = context.kernels.contrastive;
  const loss = context.empty([1], 'loss');
  const coefficients = context.empty([q.rows, p.rows + n.rows], 'coefficients');
  kernels.loss(
    { ...shape, kind, tau, margin },
    {
      q: q.buffer,
      p: p.buffer,
      n: n.buffer,
      loss: loss.buffer,
      coefficients: coefficients.buffer,
    },
  );

  /** Gradient of positives (columns from 0) or negatives (columns from P). */
  const otherGradient = (rows: Tensor, offset: number, dy: Tensor): Tensor => {
    const dx = context.empty(rows.shape, 'contrastive gradient');
    kernels.otherGradient(
      { ...shape, others: rows.rows, offset },
      { q: q.buffer, coefficients: coefficients.buffer, dy: dy.buffer, dx: dx.buffer },
    );
    return dx;
  };
  context.record(kind, [q, p, n], loss, [q, p, n, coefficients], (dy) => {
    let dq: Tensor | undefined;
    if (q.requiresGrad) {
      dq = context.empty(q.shape, 'contrastive gradient');
      kernels.anchorGradient(shape, {
        p: p.buffer,
        n: n.buffer,
        coefficients: coefficients.buffer,
        dy: dy.buffer,
        dq: dq.buffer,
      });
    }
    return [
      dq,
      p.requiresGrad ? otherGradient(p, 0, dy) : undefined,
      n.requiresGrad ? otherGradient(n, p.rows, dy) : undefined,
    ];
  });
  return loss;
}
