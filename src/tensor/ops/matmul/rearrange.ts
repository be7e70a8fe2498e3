import wgsl from '../../../../shaders/transpose.wgsl?raw';
import { linearGrid } from '../../../backend/webgpu/grid.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { isAligned } from './problem.ts';

/** A batch of matrices in a tensor's memory; strides in elements. */
export interface MatrixLayout {
  batch: number;
  rows: number;
  columns: number;
  ld: number;
  stride: number;
}

/**
 * Copy matrices [batch, rows, columns] (transposed: to [batch, columns, rows]) into a new dense tensor whose rows are
 * padded with zeros to `outColumns`. Not on the tape.
 */
export function rearrange(
  context: Context,
  x: Tensor,
  { batch, rows, columns, ld, stride }: MatrixLayout,
  transpose: boolean,
  outColumns = transpose ? rows : columns,
): Tensor {
  const outRows = transpose ? columns : rows;
  const y = context.empty([batch, outRows, outColumns], 'rearranged');
  const outStride = outRows * outColumns;
  const blockRows = Math.ceil(outRows / 4);
  const blockColumns = Math.ceil(outColumns / 4);
  const blocks = batch * blockRows * blockColumns;
  const constants = {
    TRANSPOSE: transpose,
    HALF: x.half,
    SOURCE_VECTOR: isAligned(columns, ld, stride),
    TARGET_VECTOR: outColumns % 4 === 0,
  };
  const params = {
    rows,
    columns,
    ld,
    stride,
    outRows,
    outColumns,
    outStride,
    blockRows,
    blockColumns,
    blocks,
  };
  context.run({ name: 'transpose', wgsl, constants }, [x, y], params, linearGrid(blocks, 64), y.size * 2);
  return y;
}
