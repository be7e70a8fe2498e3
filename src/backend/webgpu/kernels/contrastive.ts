import wgsl from '../../../../shaders/contrastive.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ContrastiveKernels } from '../../families/losses.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import { itemsOf } from './items.ts';

/** Parts of `shaders/contrastive.wgsl` that read rows of embeddings. */
type RowPart = 'similarities' | 'anchorGradient' | 'otherGradient' | 'ranking';

/** Losses over all pairs, through one matrix of A rows and P + N columns. */
export function contrastiveKernels(gpu: WebGpuBackend): ContrastiveKernels {
  const run = (
    part: RowPart,
    columns: number,
    buffers: Storage[],
    params: Record<string, number>,
    invocations: number,
    flops: number,
  ) => {
    const { wide, items } = itemsOf(columns);
    gpu.run(
      { name: 'contrastive', wgsl, part, constants: { WIDE: wide } },
      buffers,
      { ...params, items },
      linearGrid(invocations, 64),
      flops,
    );
  };
  return {
    loss(shape, { q, p, n, loss, coefficients }) {
      const { anchors, positives, negatives, columns, kind, tau, margin } = shape;
      const counts = { anchors, positives, negatives };
      const width = positives + negatives;
      const products = anchors * width;
      gpu.scratch(products * 4, 'similarities', (similarities) =>
        gpu.scratch(products * 4, 'pair losses', (losses) => {
          run('similarities', columns, [q, p, n, similarities], counts, products, products * columns * 2);
          const kinds = { INFO_NCE: false, MULTI_POSITIVE: false, HINGE: false, [kind]: true };
          gpu.run(
            {
              name: 'contrastive',
              wgsl,
              part: 'coefficients',
              constants: { WIDE: itemsOf(columns).wide, ...kinds },
            },
            [similarities, losses, coefficients],
            { ...counts, sharpness: 1 / tau, margin },
            linearGrid(products, 64),
            products * width * 10,
          );
          gpu.kernels.reduce.all({ count: products, squares: false, factor: 1 }, { x: losses, y: loss });
        }),
      );
    },
    anchorGradient({ anchors, positives, negatives, columns }, { p, n, coefficients, dy, dq }) {
      const counts = { anchors, positives, negatives };
      const invocations = anchors * itemsOf(columns).items;
      const flops = anchors * columns * (positives + negatives) * 2;
      run('anchorGradient', columns, [p, n, coefficients, dy, dq], counts, invocations, flops);
    },
    otherGradient(shape, { q, coefficients, dy, dx }) {
      const { anchors, positives, negatives, columns, others, offset } = shape;
      const params = { anchors, others, columns: positives + negatives, offset };
      const invocations = others * itemsOf(columns).items;
      const flops = others * columns * anchors * 2;
      run('otherGradient', columns, [q, coefficients, dy, dx], params, invocations, flops);
    },
    ranking({ triplets, columns }, { q, p, n, hits }) {
      run('ranking', columns, [q, p, n, hits], { triplets }, triplets, triplets * columns * 8);
    },
  };
}
