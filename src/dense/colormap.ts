import { oklchToRgb } from './oklch.ts';

/**
 * `sequential`: dark violet over red to light yellow, for cosines. `diverging`: blue over grey to yellow, grey at the
 * middle, for the object-minus-background map. Lightness grows evenly along both, so that brighter always means more,
 * also in print and for colour-blind eyes.
 */
export type ColormapName = 'sequential' | 'diverging';

/** Colours in a table. */
export const COLORMAP_SIZE = 256;

/** Hues of the diverging map: below the middle and above it. */
const BLUE = 264;
const YELLOW = 88;

/** Chosen so that all colours are in sRGB and neighbours differ evenly in OKLab. */
const COLORS: Record<ColormapName, (share: number) => [number, number, number]> = {
  sequential: (share) =>
    oklchToRgb(0.15 + 0.81 * share, 0.05 + 0.12 * Math.sin(Math.PI * share), 290 + 172 * share),
  diverging: (share) =>
    oklchToRgb(0.3 + 0.58 * share, 0.15 * Math.abs(2 * share - 1), share < 0.5 ? BLUE : YELLOW),
};

const tables = new Map<ColormapName, Uint8Array<ArrayBuffer>>();

/** The colours of a map from lowest to highest, [256, 3], 8-bit sRGB; for legends and textures. */
export function colormapTable(name: ColormapName): Uint8Array<ArrayBuffer> {
  let table = tables.get(name);
  if (!table) {
    table = new Uint8Array(COLORMAP_SIZE * 3);
    for (let i = 0; i < COLORMAP_SIZE; i++) table.set(COLORS[name](i / (COLORMAP_SIZE - 1)), 3 * i);
    tables.set(name, table);
  }
  return table;
}

/** Ends of a colour scale. */
export interface ColorRange {
  low: number;
  high: number;
}

/**
 * One colour scale for maps that are compared (pretrained beside personalized): the range of all their values.
 * @param symmetric centre the range on 0, for the diverging map
 * @returns 0…1 when no map has a number
 */
export function sharedRange(maps: readonly Float32Array[], { symmetric = false } = {}): ColorRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const map of maps) {
    for (const value of map) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return { low: 0, high: 1 };
  if (!symmetric) return { low, high };
  const extent = Math.max(Math.abs(low), Math.abs(high));
  return { low: -extent, high: extent };
}

/**
 * Colour a map. Values past the ends take the end's colour; NaN (no map there) is transparent; a scale without extent
 * shows the middle colour.
 *
 * @param low value of the darkest colour
 * @param high value of the lightest colour
 * @returns RGBA, 4 bytes a value, opaque
 */
export function applyColormap(
  values: Float32Array,
  low: number,
  high: number,
  name: ColormapName = 'sequential',
): Uint8ClampedArray<ArrayBuffer> {
  const table = colormapTable(name);
  const image = new Uint8ClampedArray(values.length * 4);
  const span = high - low;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const share = span > 0 ? Math.min(1, Math.max(0, (value - low) / span)) : 0.5;
    const at = 3 * Math.round(share * (COLORMAP_SIZE - 1));
    image[4 * i] = table[at]!;
    image[4 * i + 1] = table[at + 1]!;
    image[4 * i + 2] = table[at + 2]!;
    image[4 * i + 3] = 255;
  }
  return image;
}
