import wgsl from '../../../shaders/normalize.wgsl?raw';
import { foldGrid, linearGrid } from '../../backend/webgpu/grid.ts';
import type { Grid } from '../../backend/webgpu/recorder.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/** Smallest norm divided by, as in PyTorch's `normalize`. */
const EPSILON = 1e-12;

/** Choices that tests and callers may override. */
export interface NormalizeOptions {
  /** Smallest norm divided by. */
  eps?: number;
  /** One workgroup a row (GPUs) or one invocation a row (software adapters, the default there). */
  parallel?: boolean;
}

/**
 * Each row of x [..., C] divided by max(‖row‖₂, eps); same shape.
 * dx = (dy − y (y·dy)) / ‖x‖, or dy / eps for rows no longer than eps.
 */
export function normalizeRows(context: Context, x: Tensor, options: NormalizeOptions = {}): Tensor {
  const { eps = EPSILON, parallel = !context.gpu.adapter.software } = options;
  return context.scope(() => {
    const y = context.empty(x.shape, 'normalized');
    const norms = context.empty([x.rows], 'norms');
    runForward(context, x, y, norms, { kept: x.rows, period: x.rows, skipped: 0 }, eps, parallel);
    context.record('normalizeRows', [x], y, [y, norms], (dy) => {
      const dx = context.empty(x.shape, 'normalized gradient');
      context.run(
        source('backward', x.columns, parallel),
        [y, norms, dy, dx],
        { rows: x.rows, items: items(x.columns), eps },
        rowGrid(x.rows, parallel),
        x.size * 6,
      );
      return [dx];
    });
    return y;
  });
}

/**
 * Patch tokens of unit length, for caching: tokens [M, T, C] → [M, T − prefix, C], without the first `prefix` tokens of
 * each image (class token, registers). Not differentiable.
 */
export function normalizeTokens(
  context: Context,
  tokens: Tensor,
  prefix = 0,
  parallel: boolean = !context.gpu.adapter.software,
): Tensor {
  const [images, count, channels] = tokens.shape;
  if (tokens.shape.length !== 3 || prefix >= count!) {
    throw new Error(
      `normalizeTokens: tokens must be [images, tokens, channels] with more than ${prefix} tokens, got [${tokens.shape}]`,
    );
  }
  const kept = count! - prefix;
  return context.scope(() => {
    const y = context.empty([images!, kept, channels!], 'normalized tokens');
    const norms = context.empty([images! * kept], 'norms');
    runForward(context, tokens, y, norms, { kept, period: count!, skipped: prefix }, EPSILON, parallel);
    return y;
  });
}

function runForward(
  context: Context,
  x: Tensor,
  y: Tensor,
  norms: Tensor,
  selection: { kept: number; period: number; skipped: number },
  eps: number,
  parallel: boolean,
): void {
  context.run(
    source('forward', x.columns, parallel),
    [x, y, norms],
    { rows: y.rows, items: items(x.columns), eps, ...selection },
    rowGrid(y.rows, parallel),
    y.size * 3,
  );
}

function source(part: string, columns: number, parallel: boolean) {
  return { name: 'normalize', wgsl, part, constants: { PARALLEL: parallel, WIDE: columns % 4 === 0 } };
}

function items(columns: number): number {
  return columns % 4 === 0 ? columns / 4 : columns;
}

function rowGrid(rows: number, parallel: boolean): Grid {
  return parallel ? foldGrid(rows) : linearGrid(rows, 64);
}
