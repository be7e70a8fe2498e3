import wgsl from '../../../../shaders/attention.wgsl?raw';
import tiledForward from '../../../../shaders/attentionTiled.wgsl?raw';
import tiledGradient from '../../../../shaders/attentionTiledGradient.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { AttentionInputs, AttentionShape } from '../../families/attention.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import type { KernelSource } from '../kernel.ts';
import { pickTile } from './tiles.ts';

/** The gradients share the forward file's first lines. */
const tiledWgsl = tiledForward + tiledGradient;

/**
 * Kernels with tiles in workgroup memory, for GPUs; or without, for software adapters: each invocation by itself, or in quads
 * that share what they load (where the adapter has subgroups).
 */
export type AttentionVariant = 'tiled' | 'alone' | 'quads';

/** Kernels that walk over the other side for each block of rows they own. */
export type AttentionPart = 'forward' | 'queryGradient' | 'keyValueGradient';

/** Floating-point operations for one query, key and column. */
const FLOPS: Record<AttentionPart, number> = { forward: 4, queryGradient: 6, keyValueGradient: 8 };

/**
 * Work of one dispatch at most: about a quarter of a second on each kind, so that neither watchdog nor screen suffers
 * from long sequences.
 */
const DISPATCH_FLOPS = { software: 1e9, gpu: 2e11 };

/** The variant that was asked for, or the one that this adapter is fastest with. */
function variantOf({ attentionVariant, adapter }: WebGpuBackend): AttentionVariant {
  if (attentionVariant) return attentionVariant;
  if (!adapter.software) return 'tiled';
  return adapter.features.includes('subgroups') ? 'quads' : 'alone';
}

/** Where q, k and v lie. */
export type AttentionAddresses = Pick<AttentionInputs, 'q' | 'k' | 'v'>;

/**
 * Run one of the three kernels in the variant for this adapter.
 * @param fused whether both gradients of a kernel go into one buffer
 */
export function runAttention(
  gpu: WebGpuBackend,
  part: AttentionPart,
  shape: AttentionShape,
  addresses: AttentionAddresses,
  buffers: Storage[],
  fused: boolean,
): void {
  const { batch, heads, queries, keys, width, causal } = shape;
  const variant = variantOf(gpu);
  const owned = part === 'keyValueGradient' ? keys : queries;
  const params = attentionParams(shape, addresses);
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
    const tile = pickTile(part, width, gpu.gpu.limits.maxComputeWorkgroupStorageSize);
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
    gpu.run(source, buffers, { ...params, first }, grid, (flops * count) / blocks);
  }
}

/** delta [B, H, Tq]: the sum of dO·O over a head's columns, by query. */
export function runDelta(
  gpu: WebGpuBackend,
  shape: AttentionShape,
  addresses: AttentionAddresses,
  o: Storage,
  dO: Storage,
  delta: Storage,
): void {
  const { batch, heads, queries, width } = shape;
  const count = batch * heads * queries;
  const constants = { D4: width / 4, ROWS: 1, QUAD: false };
  const source = { name: 'attention', wgsl, part: 'delta', constants };
  const params = { ...attentionParams(shape, addresses), first: 0 };
  gpu.run(source, [o, dO, delta], params, linearGrid(count, 64), count * width * 8);
}

/** The uniform parameters all attention kernels share; strides and offsets in vec4s. */
function attentionParams(shape: AttentionShape, { q, k, v }: AttentionAddresses): Record<string, number> {
  const { batch, heads, queries, keys, scale } = shape;
  return {
    batch,
    heads,
    queries,
    keys,
    qStride: q.stride / 4,
    qOffset: q.column / 4,
    kStride: k.stride / 4,
    kOffset: k.column / 4,
    vStride: v.stride / 4,
    vOffset: v.column / 4,
    scale,
  };
}
