import wgsl from '../../../shaders/patchContrastive.wgsl?raw';
import { foldGrid, linearGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { normalizeRows } from './normalizeRows.ts';
import { reduceAll } from './reduce.ts';

/** Settings of the patch term. */
export interface PatchContrastiveOptions {
  /** Temperature τ. */
  tau?: number;
  /** A patch covered at least this much is object. */
  objectFrom?: number;
  /** A patch covered less than this is background; what lies between the two is left out. */
  backgroundBelow?: number;
  /** Bytes of workspace that are worth not cutting the batch into chunks. */
  workspaceBytes?: number;
  /** One workgroup a row (GPUs) or one invocation a row (software adapters, the default there). */
  parallel?: boolean;
}

/**
 * InfoNCE at the level of patches, for triplets whose anchor and positive have masks (beyond the paper). Per triplet b let
 * O_a, O_p be the object patches of anchor and positive, and W the background patches of both and all patches of the
 * negative, each x/‖x‖. Object patches of one view attract those of the other; each has all of W against it:
 *
 *     ℓ(u, v) = −log( e^{u·v/τ} / ( e^{u·v/τ} + Σ_{w∈W} e^{u·w/τ} ) ),   τ = 0.1
 *     L = 1/B Σ_b 1/(2 |O_a| |O_p|) Σ_{u∈O_a, v∈O_p} ( ℓ(u, v) + ℓ(v, u) )
 *
 * So it is `infoNce` over pairs of patches, each triplet counting the same however large its object. A triplet without
 * object in either view adds 0 (and still counts in B, so that micro-batches add up: weigh each by its share of B).
 *
 * The gradient is made along with the loss, chunk by chunk of triplets, and kept: what is stored is one number per token
 * element, never per pair. With p(u, v) = 1 − e^{−ℓ(u, v)}: dL/d(u·v) ∝ −p(u, v)/τ and
 * dL/d(u·w) ∝ softmax_w(u·W/τ) Σ_v p(u, v)/τ.
 * @param tokens [3B, T, C], views in the order anchors, positives, negatives; the last N of T tokens are patches, C % 4 = 0
 * @param coverage [2B, N], share of each patch of anchors and positives that is object, 0 to 1; negative where unknown
 *   (no mask, or outside the photo), which leaves the patch out
 * @returns a scalar [1]
 * @throws ShapeError when the shapes do not fit
 */
export function patchContrastive(
  context: Context,
  tokens: Tensor,
  coverage: Tensor,
  options: PatchContrastiveOptions = {},
): Tensor {
  const { tau = 0.1, objectFrom = 0.5, backgroundBelow = 0.5, workspaceBytes = 32 * 2 ** 20 } = options;
  const { parallel = !context.gpu.adapter.software } = options;
  const [views, count, channels] = tokens.shape;
  const [masked, patches] = coverage.shape;
  if (tokens.shape.length !== 3 || coverage.shape.length !== 2 || views! % 3 || masked! * 3 !== views! * 2) {
    throw new ShapeError(
      `patchContrastive: tokens must be [3·triplets, tokens, channels] and coverage [2·triplets, patches], got [${tokens.shape}] and [${coverage.shape}]`,
    );
  }
  if (patches! > count! || channels! % 4) {
    throw new ShapeError(
      `patchContrastive: ${patches} patches of coverage need as many tokens, and channels in fours; got [${tokens.shape}]`,
    );
  }
  const triplets = views! / 3;
  const groups = Math.ceil((3 * patches!) / 4);
  const rows = 2 * patches!;
  const tiles = Math.ceil(rows / 4);
  const items = channels! / 4;
  const most = Math.max(1, Math.min(triplets, Math.floor(workspaceBytes / (rows * groups * 16))));

  return context.scope(() => {
    const x = normalizeRows(context, tokens);
    const withGradient = context.needsGrad([x]);
    const run = (part: string, tensors: Tensor[], first: number, chunk: number, count: number, flops = 0) => {
      const byRow = part === 'coefficients';
      context.run(
        { name: 'patchContrastive', wgsl, part, constants: byRow ? { PARALLEL: parallel } : {} },
        tensors,
        {
          triplets,
          first,
          chunk,
          patches: patches!,
          tokens: tokens.shape[1]!,
          prefix: tokens.shape[1]! - patches!,
          items,
          groups,
          sharpness: 1 / tau,
          objectFrom,
          backgroundBelow,
        },
        byRow && parallel ? foldGrid(count) : linearGrid(count, 64),
        flops,
      );
    };
    const kinds = context.empty([triplets, groups * 4], 'patch kinds');
    const list = context.empty([triplets, rows], 'object patches');
    const summary = context.empty([triplets, 2], 'object counts');
    const losses = context.empty([triplets, rows], 'patch losses');
    const workspace = context.empty([most, rows, groups * 4], 'patch products');
    const gradient = withGradient ? context.zeros(x.shape, 'patch gradient') : undefined;
    run('classify', [coverage, kinds, list, summary], 0, triplets, triplets);
    for (let first = 0; first < triplets; first += most) {
      const chunk = Math.min(most, triplets - first);
      // Objects are a quarter of a photo or so; the estimate only sizes submissions.
      const work = (chunk * rows * groups * 8 * channels!) / 4;
      run('products', [x, list, summary, workspace], first, chunk, chunk * tiles * groups, work);
      run('coefficients', [kinds, list, summary, workspace, losses], first, chunk, chunk * rows, work / 8);
      if (gradient) {
        const tensors = [x, list, summary, workspace, gradient];
        run('memberGradient', tensors, first, chunk, chunk * groups * items, work);
        run('rowGradient', tensors, first, chunk, chunk * tiles * items, work);
      }
    }
    const loss = reduceAll(context, losses);
    if (gradient) {
      context.record('patchContrastive', [x], loss, [gradient], (dy) => {
        const dx = context.empty(x.shape, 'patch gradient');
        run('scaled', [gradient, dy, dx], 0, triplets, x.size / 4);
        return [dx];
      });
    }
    return loss;
  });
}
