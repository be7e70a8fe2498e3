import wgsl from '../../../../shaders/transpose.wgsl?raw';
import type { Operand, Storage } from '../../backend.ts';
import type { MatrixLayout } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import { isAligned } from './problem.ts';

/**
 * Copy matrices [batch, rows, columns] (transposed: to [batch, columns, rows]) into dense memory y whose rows are padded with
 * zeros to `outColumns`.
 */
export function rearrange(
  gpu: WebGpuBackend,
  layout: MatrixLayout & { transpose: boolean; outColumns: number },
  x: Operand,
  y: Storage,
): void {
  const { batch, rows, columns, ld, stride, transpose, outColumns } = layout;
  const outRows = transpose ? columns : rows;
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
  const source = { name: 'transpose', wgsl, constants };
  gpu.run(source, [x.storage, y], params, linearGrid(blocks, 64), batch * outStride * 2);
}
