import { OutOfMemoryError } from '../../errors.ts';
import type { AttentionPart } from './dispatch.ts';

/** Rows a workgroup owns, and rows of the other side it stages at a time. */
export interface AttentionTile {
  own: number;
  other: number;
}

/** From most reuse to least memory. */
const TILES: AttentionTile[] = [
  { own: 32, other: 32 },
  { own: 32, other: 16 },
  { own: 16, other: 16 },
  { own: 32, other: 8 },
  { own: 16, other: 8 },
  { own: 8, other: 8 },
  { own: 4, other: 8 },
];

/** Bytes of workgroup memory of a kernel in `shaders/attentionTiled.wgsl`. */
export function tileBytes(part: AttentionPart, width: number, { own, other }: AttentionTile): number {
  const row = (width / 4 + 1) * 16;
  const weights = other * own * 4;
  if (part === 'forward') return (own + other) * row + weights + own * 32;
  return 2 * (own + other) * row + weights * (part === 'keyValueGradient' ? 2 : 1);
}

/**
 * The largest tile that fits the adapter's workgroup memory.
 * @param limit bytes; more than 32 KiB is not used, so that several workgroups share a core
 * @throws OutOfMemoryError when not even the smallest fits
 */
export function pickTile(part: AttentionPart, width: number, limit: number): AttentionTile {
  const tile = TILES.find((candidate) => tileBytes(part, width, candidate) <= Math.min(limit, 32_768));
  if (!tile) {
    throw new OutOfMemoryError(
      `attention with heads of ${width} columns needs more workgroup memory than this adapter has (${limit} bytes); use a model with narrower heads`,
    );
  }
  return tile;
}
