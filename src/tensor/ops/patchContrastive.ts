import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';
import { normalizeRows } from './normalizeRows.ts';

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
  const shape = {
    ...{ triplets: views! / 3, tokens: count!, patches: patches!, channels: channels! },
    ...{ tau, objectFrom, backgroundBelow, workspaceBytes },
  };

  return context.scope(() => {
    const x = normalizeRows(context, tokens);
    const loss = context.empty([1], 'patch loss');
    const gradient = context.needsGrad([x]) ? context.zeros(x.shape, 'patch gradient') : undefined;
    context.kernels.patchContrastive.loss(shape, {
      x: x.buffer,
      coverage: coverage.buffer,
      loss: loss.buffer,
      gradient: gradient?.buffer,
    });
    if (gradient) {
      context.record('patchContrastive', [x], loss, [gradient], (dy) => {
        const dx = context.empty(x.shape, 'patch gradient');
        context.kernels.elementwise.scaleBy(x.size, {
          x: gradient.buffer,
          scalar: dy.buffer,
          y: dx.buffer,
        });
        return [dx];
      });
    }
    return loss;
  });
}
