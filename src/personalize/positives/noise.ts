import type { Philox } from '../../random/philox.ts';

/** A smooth function of the plane with values in about 0…1. */
export type Field = (x: number, y: number) => number;

/** Side of the table that lattice values repeat with. */
const TABLE = 64;

/** Value noise with smooth interpolation; period 64 lattice cells. */
export function valueNoise(random: Philox): Field {
  const values = Float32Array.from({ length: TABLE * TABLE }, () => random.next());
  const at = (x: number, y: number) => values[(y & (TABLE - 1)) * TABLE + (x & (TABLE - 1))]!;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = smooth(x - left);
    const fy = smooth(y - top);
    const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
    const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}

/** Octaves of value noise, each twice as fine and half as strong. */
export function fractalNoise(random: Philox, octaves = 5): Field {
  const noise = valueNoise(random);
  const total = 2 - 2 ** (1 - octaves);
  return (x, y) => {
    let sum = 0;
    for (let i = 0; i < octaves; i++) sum += noise(x * 2 ** i + 17 * i, y * 2 ** i + 31 * i) / 2 ** i;
    return sum / total;
  };
}

/** What cell noise knows of a place, in units of a cell. */
export interface Cell {
  /** To the nearest point. */
  distance: number;
  /** How much farther the second nearest point is: 0 on the border between two cells. */
  border: number;
  /** Random number of the nearest point, 0…1. */
  id: number;
}

/**
 * Worley noise: jittered points, one a cell of the unit lattice.
 * Source: Worley, "A cellular texture basis function", 1996.
 */
export function cellNoise(random: Philox): (x: number, y: number) => Cell {
  const values = Float32Array.from({ length: TABLE * TABLE * 3 }, () => random.next());
  return (x, y) => {
    let first = Number.POSITIVE_INFINITY;
    let second = Number.POSITIVE_INFINITY;
    let id = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const cellX = Math.floor(x) + dx;
        const cellY = Math.floor(y) + dy;
        const at = ((cellY & (TABLE - 1)) * TABLE + (cellX & (TABLE - 1))) * 3;
        const offX = cellX + values[at]! - x;
        const offY = cellY + values[at + 1]! - y;
        const square = offX * offX + offY * offY;
        if (square < first) {
          second = first;
          first = square;
          id = values[at + 2]!;
        } else if (square < second) second = square;
      }
    }
    const distance = Math.sqrt(first);
    return { distance, border: Math.sqrt(second) - distance, id };
  };
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
