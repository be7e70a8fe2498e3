import { bicubicMatrix } from '../../tensor/ops/interpolatePosition.ts';
import type { HostEncoder } from './encoders.ts';

/** Position table [1 + grid², C] for the grid, interpolated as the engine does it. */
export function positions({ config, tensors }: HostEncoder, grid: number): Float32Array<ArrayBuffer> {
  const { width } = config;
  const table = tensors.get('embeddings.position_embeddings')!.values;
  const from = Math.sqrt(table.length / width - 1);
  if (from === grid) return table;
  const weights = bicubicMatrix(from, grid);
  const result = new Float32Array((1 + grid * grid) * width);
  result.set(table.subarray(0, width));
  for (let i = 0; i < grid * grid; i++) {
    const [row, column] = [Math.floor(i / grid), i % grid];
    for (let y = 0; y < from; y++) {
      for (let x = 0; x < from; x++) {
        const weight = weights[row * from + y]! * weights[column * from + x]!;
        if (weight === 0) continue;
        const source = (1 + y * from + x) * width;
        for (let c = 0; c < width; c++) result[(1 + i) * width + c]! += weight * table[source + c]!;
      }
    }
  }
  return result;
}

/** [rows, columns] to [columns, rows], row-major. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  }
  return result;
}
