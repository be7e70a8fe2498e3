/**
 * A 64-bit hash of a name as two unsigned 32-bit words: FNV-1a over its UTF-16 units from two starting points, each
 * finished with a bijective mixer so that names that differ in the last letter differ in all bits.
 */
export function hashLabel(label: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let i = 0; i < label.length; i++) {
    const unit = label.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
  }
  return [mix(a), mix(b)];
}

/** Bijection on 32-bit words that spreads every bit over all (xor-shift and odd multipliers). */
export function mix(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}
