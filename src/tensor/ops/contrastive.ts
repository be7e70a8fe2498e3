import wgsl from '../../../shaders/contrastive.wgsl?raw';
import { linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { normalizeRows } from './normalizeRows.ts';
import { reduceAll } from './reduce.ts';

/** Which loss `shaders/contrastive.wgsl` computes from the matrix of products. */
export type ContrastiveKind = 'INFO_NCE' | 'MULTI_POSITIVE' | 'HINGE';

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
  const wide = q.columns % 4 === 0;
  const items = wide ? q.columns / 4 : q.columns;
  const counts = { anchors: q.rows, positives: p.rows, negatives: n.rows };
  const columns = p.rows + n.rows;
  const products = q.rows * columns;
  const similarities = context.empty([q.rows, columns], 'similarities');
  context.run(
    { name: 'contrastive', wgsl, part: 'similarities', constants: { WIDE: wide } },
    [q, p, n, similarities],
    { ...counts, items },
    linearGrid(products, 64),
    products * q.columns * 2,
  );
  const losses = context.empty([q.rows, columns], 'pair losses');
  const coefficients = context.empty([q.rows, columns], 'coefficients');
  context.run(
    {
      name: 'contrastive',
      wgsl,
      part: 'coefficients',
      constants: { WIDE: wide, INFO_NCE: false, MULTI_POSITIVE: false, HINGE: false, [kind]: true },
    },
    [similarities, losses, coefficients],
    { ...counts, sharpness: 1 / tau, margin },
    linearGrid(products, 64),
    products * columns * 10,
  );
  const loss = reduceAll(context, losses);

  /** Gradient of positives (columns from 0) or negatives (columns from P). */
  const otherGradient = (rows: Tensor, offset: number, dy: Tensor): Tensor => {
    const dx = context.empty(rows.shape, 'contrastive gradient');
    context.run(
      { name: 'contrastive', wgsl, part: 'otherGradient', constants: { WIDE: wide } },
      [q, coefficients, dy, dx],
      { anchors: q.rows, others: rows.rows, items, columns, offset },
      linearGrid(rows.rows * items, 64),
      rows.size * q.rows * 2,
    );
    return dx;
  };
  context.record(kind, [q, p, n], loss, [q, p, n, coefficients], (dy) => {
    let dq: Tensor | undefined;
    if (q.requiresGrad) {
      dq = context.empty(q.shape, 'contrastive gradient');
      context.run(
        { name: 'contrastive', wgsl, part: 'anchorGradient', constants: { WIDE: wide } },
        [p, n, coefficients, dy, dq],
        { ...counts, items },
        linearGrid(q.rows * items, 64),
        q.size * columns * 2,
      );
    }
    return [
      dq,
      p.requiresGrad ? otherGradient(p, 0, dy) : undefined,
      n.requiresGrad ? otherGradient(n, p.rows, dy) : undefined,
    ];
  });
  return loss;
}
