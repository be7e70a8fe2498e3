/** A map in a byte a patch, small enough to keep one of every picture. */
export interface SmallMap {
  columns: number;
  rows: number;
  /** Similarities that the levels 0 and 255 stand for. */
  low: number;
  high: number;
  levels: Uint8Array<ArrayBuffer>;
}

/** Values to levels; what is lost is a 510th of their range at most. */
export function shrinkMap({
  columns,
  rows,
  values,
}: {
  columns: number;
  rows: number;
  values: Float32Array;
}): SmallMap {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const step = (high - low) / 255 || 1;
  return {
    columns,
    rows,
    low,
    high,
    levels: Uint8Array.from(values, (value) => Math.round((value - low) / step)),
  };
}

/** Levels back to similarities. */
export function mapValues({ low, high, levels }: SmallMap): Float32Array<ArrayBuffer> {
  return Float32Array.from(levels, (level) => low + ((high - low) * level) / 255);
}
