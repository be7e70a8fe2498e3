import wgsl from '../../../../shaders/reduce.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { ReduceKernels } from '../../families/rows.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid, linearGrid } from '../grid.ts';
import { itemsOf } from './items.ts';

/** Inputs up to this many elements are summed by one workgroup at once. */
const DIRECT = 4096;
/** Partial sums of the first stage. */
const PARTIALS = 4096;
/** Rows that one invocation adds up, and the most segments the second stage has to add. */
const ROWS_PER_SEGMENT = 32;
const MOST_SEGMENTS = 64;

/** Where an element of the input finds the gradient of the sum it went into. */
const SPREAD_SOURCE = { all: '0', rows: 'i / params.columns', columns: 'i % params.columns' };

/** Kernels of `shaders/reduce.wgsl`: trees of fixed shape, without atomics. */
export function reduceKernels(gpu: WebGpuBackend): ReduceKernels {
  const finish = (count: number, squares: boolean, factor: number, x: Storage, y: Storage) =>
    gpu.run(
      { name: 'reduce', wgsl, part: 'finish', constants: { SQUARES: squares } },
      [x, y],
      { count, factor },
      [1, 1, 1],
    );
  const addSegments = (rows: number, columns: number, segments: number, x: Storage, y: Storage) => {
    const { wide, items } = itemsOf(columns);
    gpu.run(
      { name: 'reduce', wgsl, part: 'columns', constants: { ITEM: wide ? 'vec4f' : 'f32' } },
      [x, y],
      { rows, items, segments, rowsPerSegment: Math.ceil(rows / segments) },
      linearGrid(items * segments, 64),
      rows * columns,
    );
  };
  return {
    all({ count, squares, factor }, { x, y }) {
      if (count <= DIRECT) {
        finish(count, squares, factor, x, y);
        return;
      }
      const invocations = Math.min(PARTIALS, Math.ceil(count / 64));
      gpu.scratch(invocations * 4, 'partial sums', (partial) => {
        gpu.run(
          { name: 'reduce', wgsl, part: 'partials', constants: { SQUARES: squares } },
          [x, partial],
          { count, invocations },
          linearGrid(invocations, 64),
          count,
        );
        finish(invocations, false, factor, partial, y);
      });
    },
    rows({ rows, columns }, { x, y }) {
      gpu.run(
        { name: 'reduce', wgsl, part: 'rows', constants: { PARALLEL: !gpu.serial } },
        [x, y],
        { rows, columns },
        gpu.serial ? linearGrid(rows, 64) : foldGrid(rows),
        rows * columns,
      );
    },
    columns({ rows, columns }, { x, y }) {
      const segments = Math.min(MOST_SEGMENTS, Math.ceil(rows / ROWS_PER_SEGMENT));
      if (segments === 1) {
        addSegments(rows, columns, 1, x, y);
        return;
      }
      gpu.scratch(segments * columns * 4, 'partial column sums', (partial) => {
        addSegments(rows, columns, segments, x, partial);
        addSegments(segments, columns, 1, partial, y);
      });
    },
    spread({ count, columns, over, factor }, { dy, dx, squared }) {
      const constants = { SQUARES: squared !== undefined, SOURCE: SPREAD_SOURCE[over] };
      gpu.run(
        { name: 'reduce', wgsl, part: 'spread', constants },
        squared ? [dy, dx, squared] : [dy, dx],
        { count, columns, factor },
        linearGrid(count, 64),
        count,
      );
    },
  };
}
