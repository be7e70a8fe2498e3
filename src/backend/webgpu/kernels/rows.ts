import wgsl from '../../../../shaders/rows.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { RowKernels } from '../../families/rows.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';

/** Parts of `shaders/rows.wgsl`. */
type Part = 'copy' | 'place' | 'sum' | 'spread' | 'gather' | 'scatterAdd' | 'prepend';

/** One dispatch over rows. */
interface Run {
  buffers: Storage[];
  /** Parameters that count numbers; divided by four when all allow vec4 loads. */
  lengths: Record<string, number>;
  /** Other parameters. */
  others: Record<string, number>;
  /** Numbers of the output, one invocation each (or each four). */
  outputs: number;
  /** Numbers read, as the estimate of its cost; as many as are written when left out. */
  work?: number;
  constants?: Record<string, boolean>;
}

/** Kernels of `shaders/rows.wgsl`. */
export function rowKernels(gpu: WebGpuBackend): RowKernels {
  const run = (part: Part, { buffers, lengths, others, outputs, work = outputs, constants }: Run) => {
    const vector = Object.values(lengths).every((length) => length % 4 === 0);
    const unit = vector ? 4 : 1;
    const params = { ...others };
    for (const [name, length] of Object.entries(lengths)) params[name] = length / unit;
    gpu.run(
      { name: 'rows', wgsl, part, constants: { SCALAR: !vector, ...constants } },
      buffers,
      params,
      linearGrid(Math.ceil(outputs / unit), 64),
      work * 4,
    );
  };
  return {
    copy({ rows, ...lengths }, { x, y }) {
      run('copy', { buffers: [x, y], lengths, others: { rows }, outputs: rows * lengths.width });
    },
    place({ rows, ...lengths }, { x, y }) {
      run('place', { buffers: [x, y], lengths, others: { rows }, outputs: rows * lengths.width });
    },
    sum({ width, offset, outerStride, stride, ...others }, { x, y }) {
      const lengths = { width, offset, outerStride, stride };
      const outputs = others.outer * width;
      run('sum', { buffers: [x, y], lengths, others, outputs, work: outputs * others.count });
    },
    spread({ width, ...others }, { x, y }) {
      const outputs = others.outer * others.count * width;
      run('spread', { buffers: [x, y], lengths: { width }, others, outputs });
    },
    gather({ rows, width }, { x, indices, y }) {
      run('gather', {
        buffers: [x, indices, y],
        lengths: { width },
        others: { rows },
        outputs: rows * width,
      });
    },
    scatterAdd({ rows, width, entries }, { x, starts, sources, y }) {
      const buffers = [x, starts, sources, y];
      const work = (rows + entries) * width;
      run('scatterAdd', { buffers, lengths: { width }, others: { rows }, outputs: rows * width, work });
    },
    prepend({ batch, tokens, prefix, width }, { token, x, positions, y }) {
      run('prepend', {
        buffers: positions ? [token, x, positions, y] : [token, x, y],
        lengths: { width },
        others: { batch, tokens, prefix },
        outputs: batch * tokens * width,
        constants: { POSITIONS: positions !== undefined },
      });
    },
  };
}
