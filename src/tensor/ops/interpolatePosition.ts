import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';
import { matmul } from './matmul/matmul.ts';

/** Cubic convolution parameter; PyTorch's (Keys' paper prefers −0.5). */
const A = -0.75;

/** The four weights of cubic convolution at distance `t` past the second tap (Keys 1981, equation 4). */
function cubicWeights(t: number): [number, number, number, number] {
  const near = (x: number) => ((A + 2) * x - (A + 3)) * x * x + 1;
  const far = (x: number) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/**
 * One axis of bicubic interpolation as a matrix [to × from], row-major: sample positions (i + ½)·ratio − ½
 * (`align_corners=False`), taps past the border repeat it, no antialiasing.
 * @param offset 0 for `interpolate(size=…)`; 0.1 for the older `scale_factor=(to + 0.1)/from`, whose ratio is
 * from/(to + 0.1)
 */
export function bicubicMatrix(from: number, to: number, offset = 0): Float64Array {
  const matrix = new Float64Array(to * from);
  const ratio = from / (to + offset);
  for (let i = 0; i < to; i++) {
    const position = (i + 0.5) * ratio - 0.5;
    const base = Math.floor(position);
    cubicWeights(position - base).forEach((weight, tap) => {
      const source = Math.min(from - 1, Math.max(0, base - 1 + tap));
      matrix[i * from + source]! += weight;
    });
  }
  return matrix;
}

/** Cubic convolution as PIL and PyTorch's antialiased modes have it: Keys' own parameter, −0.5. */
function smoothCubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/**
 * The same with antialiasing (PyTorch's `interpolate(antialias=True)`): where the grid becomes smaller the filter is as much
 * wider; taps outside are left out and the others made to sum to one.
 */
export function antialiasedBicubicMatrix(from: number, to: number): Float64Array {
  const matrix = new Float64Array(to * from);
  const ratio = from / to;
  const width = Math.max(1, ratio);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * ratio;
    const first = Math.max(0, Math.floor(center - 2 * width + 0.5));
    const last = Math.min(from, Math.floor(center + 2 * width + 0.5));
    let total = 0;
    for (let j = first; j < last; j++) {
      const weight = smoothCubic((j + 0.5 - center) / width);
      matrix[i * from + j] = weight;
      total += weight;
    }
    for (let j = first; j < last; j++) matrix[i * from + j]! /= total;
  }
  return matrix;
}

/** How a position table is brought to another grid. */
export interface TableOptions {
  /** 0 as transformers 5.17 has it (size=), 0.1 for the original DINOv2 code (scale_factor=). */
  offset?: number;
  antialias?: boolean;
  /** Tokens between the class token and the patches that have no position: rows of zeros. */
  registers?: number;
}

/**
 * A square position table brought to another grid as Hugging Face's `Dinov2Model` does: the class token's row stays, the rest
 * is interpolated bicubically as PyTorch does, without antialiasing unless `antialias` asks for it. The table itself when the
 * grid is its own.
 *
 * The interpolation is linear, so it runs as one matrix product; its gradient is that product's. Do it once for each
 * grid and keep the result while the table is frozen.
 * @param table [1 + g·g, C]
 * @returns [1 + registers + gridH·gridW, C]
 * @throws Error when the table is not one of a square grid
 */
export function interpolatePosition(
  context: Context,
  table: Tensor,
  gridH: number,
  gridW: number,
  { offset = 0, antialias = false, registers = 0 }: TableOptions = {},
): Tensor {
  const side = Math.round(Math.sqrt(table.rows - 1));
  if (side * side !== table.rows - 1) {
    throw new Error(
      `interpolatePosition: [${table.shape}] is not a class token and a square grid of positions`,
    );
  }
  const flat = context.reshape(table, [table.rows, table.columns]);
  if (gridH === side && gridW === side && registers === 0) return flat;
  const axis = (to: number) =>
    antialias ? antialiasedBicubicMatrix(side, to) : bicubicMatrix(side, to, offset);
  const [vertical, horizontal] = [axis(gridH), axis(gridW)];
  const first = 1 + registers;
  const rows = first + gridH * gridW;
  const matrix = new Float32Array(rows * table.rows);
  matrix[0] = 1;
  for (let i = 0; i < gridH; i++) {
    for (let j = 0; j < gridW; j++) {
      const at = (first + i * gridW + j) * table.rows + 1;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          matrix[at + y * side + x] = vertical[i * side + y]! * horizontal[j * side + x]!;
        }
      }
    }
  }
  return matmul(context, context.fromArray(matrix, [rows, table.rows], 'interpolation'), flat);
}
