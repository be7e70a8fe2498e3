import wgsl from '../../../../shaders/attention.wgsl?raw';
import tiledWgsl from '../../../../shaders/attentionTiled.wgsl?raw';
import { linearGrid } from '../../../backend/webgpu/grid.ts';
import type { KernelSource } from '../../../backend/webgpu/kernel.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { type AttentionLayout, type AttentionVariant, attentionParams } from './layout.ts';
import { pickTile } from './tiles.ts';

/** Kernels that walk over the other side for each block of rows they own. */
export type AttentionPart = 'forward' | 'queryGradient' | 'keyValueGradient';

/** Floating-point operations for one query, key and column. */
const FLOPS: Record<AttentionPart, number> = { forward: 4, queryGradient: 6, keyValueGradient: 8 };

/**
 * Work of one dispatch at most: about a quarter of a second on each kind, so that neither watchdog nor screen suffers
 * from long sequences.
 */
const DISPATCH_FLOPS = { software: 1e9, gpu: 2e11 };

/** The variant that this adapter is fastest with. */
export function attentionVariant({ gpu }: Context): AttentionVariant {
  if (!gpu.adapter.software) return 'tiled';
  return gpu.device.features.has('subgroups') ? 'quads' : 'alone';
}

/** Run one of the three kernels in one of the variants. */
export function runAttention(
  context: Context,
  part: AttentionPart,
  layout: AttentionLayout,
  tensors: Tensor[],
  variant: AttentionVariant,
  fused: boolean,
): void {
  const { batch, heads, queries, keys, width, causal } = layout;
  const owned = part === 'keyValueGradient' ? keys : queries;
  const params = attentionParams(layout);
  let source: KernelSource;
  let rows: number;
  let workgroup: number;
  if (variant !== 'tiled') {
    // Measured on SwiftShader at D = 64, quads: two rows compile in half a second forward and in one backward; four rows
    // run the backward kernels a fifth faster, but compile for four to six seconds, and compiling grows faster than D.
    const quad = variant === 'quads';
    const step = part === 'forward' ? 2 : 1;
    const own = width > 80 ? 1 : 2;
    rows = quad ? 4 * own : own;
    workgroup = quad ? 1 : 4;
    const constants = { ROWS: own, STEP: step, D4: width / 4, FUSED: fused, CAUSAL: causal, QUAD: quad };
    source = { name: 'attention', wgsl, part, constants };
  } else {
    const tile = pickTile(part, width, context.gpu.device.limits.maxComputeWorkgroupStorageSize);
    rows = tile.own;
    workgroup = 1;
    const constants = { OWN: tile.own, OTHER: tile.other, D4: width / 4, FUSED: fused, CAUSAL: causal };
    source = { name: 'attentionTiled', wgsl: tiledWgsl, part, constants };
  }
  const blocks = batch * heads * Math.ceil(owned / rows);
  const flops = FLOPS[part] * batch * heads * queries * keys * width;
  const limit = variant === 'tiled' ? DISPATCH_FLOPS.gpu : DISPATCH_FLOPS.software;
  const chunk = Math.ceil(blocks / Math.ceil(flops / limit) / workgroup) * workgroup;
  for (let first = 0; first < blocks; first += chunk) {
    const count = Math.min(chunk, blocks - first);
    const grid = linearGrid(count, workgroup);
    context.run(source, tensors, { ...params, first }, grid, (flops * count) / blocks);
  }
}

/** delta [B, H, Tq]: the sum of dO·O over a head's columns, by query. */
export function runDelta(context: Context, layout: AttentionLayout, o: Tensor, dO: Tensor): Tensor {
  const { batch, heads, queries, width } = layout;
  const delta = context.empty([batch, heads, queries], 'attention delta');
  const constants = { D4: width / 4, ROWS: 1, QUAD: false };
  const params = { ...attentionParams(layout), first: 0 };
  const grid = linearGrid(delta.size, 64);
  context.run(
    { name: 'attention', wgsl, part: 'delta', constants },
    [o, dO, delta],
    params,
    grid,
    o.size * 8,
  );
  return delta;
}
