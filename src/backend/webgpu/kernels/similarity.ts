import wgsl from '../../../../shaders/similarityMap.wgsl?raw';
import type { SimilarityKernels } from '../../families/losses.ts';
import type { WebGpuBackend } from '../backend.ts';
import { foldGrid } from '../grid.ts';
import { itemsOf } from './items.ts';

/** Invocations that share a row on a GPU: 8 × 16 bytes are a cache line. */
const LANES = 8;

/** Products of one query with every token. */
export function similarityKernels(gpu: WebGpuBackend): SimilarityKernels {
  return {
    map({ rows, columns }, { x, query, y }) {
      const { wide, items } = itemsOf(columns);
      const parallel = !gpu.serial;
      const lanes = parallel ? LANES : 1;
      const constants = { PARALLEL: parallel, LANES: lanes, WIDE: wide, ITEM: wide ? 'vec4f' : 'f32' };
      gpu.run(
        { name: 'similarityMap', wgsl, constants },
        [x, query, y],
        { rows, items },
        foldGrid(Math.ceil((rows * lanes) / 64)),
        rows * columns * 2,
      );
    },
  };
}
