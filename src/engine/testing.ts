import type { Mask, Pixels } from '../images/types.ts';

/** A thing with a pattern, at a place, on a plain ground: discs with rings, or blue checks in a square. */
export function patternedThing(
  thing: 'rings' | 'checks',
  x: number,
  y: number,
  ground: number,
): { pixels: Pixels; mask: Mask } {
  const side = 128;
  const data = new Uint8ClampedArray(side * side * 4);
  const mask = new Uint8Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const [dx, dy] = [column - x, row - y];
      const distance = Math.hypot(dx, dy);
      const inside = thing === 'rings' ? distance < 30 : Math.abs(dx) < 26 && Math.abs(dy) < 26;
      const odd =
        thing === 'rings' ? Math.floor(distance / 6) % 2 : (Math.floor(dx / 7) + Math.floor(dy / 7)) % 2;
      const color =
        thing === 'rings' ? (odd ? [230, 60, 30] : [255, 230, 120]) : odd ? [30, 60, 200] : [220, 230, 255];
      data.set(inside ? [...color, 255] : [ground, ground + 20, ground, 255], 4 * (row * side + column));
      mask[row * side + column] = inside ? 255 : 0;
    }
  }
  return { pixels: { width: side, height: side, data }, mask: { width: side, height: side, data: mask } };
}
