import { readFileSync } from 'node:fs';
import type { Mask } from '../images/types.ts';

/** A float32 array of a NumPy `.npy` file in `testdata/` (version 1, C order), with its shape. */
export function readNpy(name: string): { shape: number[]; values: Float32Array<ArrayBuffer> } {
  const bytes = new Uint8Array(readFileSync(new URL(`./testdata/${name}`, import.meta.url)));
  const headerLength = new DataView(bytes.buffer).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + headerLength));
  const shape = header
    .match(/'shape': \(([^)]*)\)/)![1]!
    .split(',')
    .filter((side) => side.trim() !== '');
  return { shape: shape.map(Number), values: new Float32Array(bytes.slice(10 + headerLength).buffer) };
}

/** Object pixels of a mask. */
export const area = (mask: Mask): number => mask.data.reduce((sum, value) => sum + Number(value > 0), 0);

/** Share of the pixels that two masks of equal size have in common, of those that either has. */
export function overlap(a: Mask, b: Mask): number {
  const both = a.data.reduce((sum, value, i) => sum + Number(value > 0 && b.data[i]! > 0), 0);
  return both / (area(a) + area(b) - both);
}

/** Object pixels of each row. */
export const rowSums = ({ width, height, data }: Mask): number[] =>
  Array.from({ length: height }, (_, y) =>
    data.subarray(y * width, (y + 1) * width).reduce((sum, value) => sum + Number(value > 0), 0),
  );

/** The mask with rows and columns exchanged. */
export function transpose({ width, height, data }: Mask): Mask {
  return {
    width: height,
    height: width,
    data: Uint8Array.from(data, (_, i) => data[(i % height) * width + Math.floor(i / height)]!),
  };
}

/** A rotation of feature space: Givens rotations in many planes, so that no axis is left alone. */
export function rotateTokens(tokens: Float32Array, dimension: number): Float32Array<ArrayBuffer> {
  const rotated = Float32Array.from(tokens);
  for (let start = 0; start < rotated.length; start += dimension) {
    for (let i = 0; i < dimension; i++) {
      const j = (i * 3 + 1) % dimension;
      if (i === j) continue;
      const [cos, sin] = [Math.cos(0.5 + i), Math.sin(0.5 + i)];
      const [a, b] = [rotated[start + i]!, rotated[start + j]!];
      rotated[start + i] = cos * a - sin * b;
      rotated[start + j] = sin * a + cos * b;
    }
  }
  return rotated;
}
