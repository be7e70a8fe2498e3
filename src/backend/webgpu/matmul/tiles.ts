/** Output tile of a workgroup and of an invocation, for the kernel that uses workgroup memory. */
export interface TileShape {
  /** Rows and columns of C a workgroup computes. */
  bm: number;
  bn: number;
  /** Depth of a slice; 4·bk·(bm + bn) bytes of workgroup memory. */
  bk: number;
  /** Rows and columns of C an invocation computes, in fours. */
  rm: number;
  cn: number;
}

/** Tiles for products that are large both ways. Which is fastest depends on the adapter's registers: measured. */
export const WIDE_TILES = {
  large: { bm: 128, bn: 128, bk: 16, rm: 2, cn: 2 },
  tall: { bm: 128, bn: 64, bk: 16, rm: 2, cn: 2 },
  compact: { bm: 64, bn: 64, bk: 16, rm: 2, cn: 2 },
  light: { bm: 64, bn: 64, bk: 16, rm: 2, cn: 1 },
  medium: { bm: 64, bn: 64, bk: 16, rm: 1, cn: 1 },
} satisfies Record<string, TileShape>;

/** All tiles: those above, and those for products that are small one way or both. */
export const TILES = {
  ...WIDE_TILES,
  small: { bm: 32, bn: 32, bk: 32, rm: 1, cn: 1 },
  narrow: { bm: 128, bn: 16, bk: 16, rm: 1, cn: 1 },
  flat: { bm: 16, bn: 128, bk: 16, rm: 1, cn: 1 },
} satisfies Record<string, TileShape>;

/** Name of a tile shape. */
export type TileName = keyof typeof TILES;
/** Name of a tile shape whose speed is measured. */
export type WideTileName = keyof typeof WIDE_TILES;

/** Invocations of a workgroup. */
export function tileThreads({ bm, bn, rm, cn }: TileShape): number {
  return (bm * bn) / (16 * rm * cn);
}

/** Workgroups that a product is cut into, before splitting along K. */
export function tileCount({ bm, bn }: TileShape, m: number, n: number): number {
  return Math.ceil(m / bm) * Math.ceil(n / bn);
}
