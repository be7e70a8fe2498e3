import wgsl from '../../../shaders/softmax.wgsl?raw';
import { foldGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Softmax over the last axis, of any width: y = exp(x − max) / Σ exp(x − max).
 * dx = y (dy − Σ y·dy), from the saved y.
 * @param x [.., C]
 * @param software choose the kernel instead of asking the adapter: for tests
 */
export function softmax(context: Context, x: Tensor, software = context.gpu.adapter.software): Tensor {
  const y = context.empty(x.shape, 'softmax');
  const run = (part: 'forward' | 'backward', tensors: Tensor[]) =>
    context.run(
      { name: 'softmax', wgsl, part, constants: { SOFTWARE: software } },
      tensors,
      { rows: x.rows, width: x.columns },
      foldGrid(Math.ceil(x.rows / (software ? 16 : 1))),
      x.size * 30,
    );
  run('forward', [x, y]);
  context.record('softmax', [x], y, [y], (dy) => {
    const dx = context.empty(x.shape, 'softmax gradient');
    run('backward', [y, dy, dx]);
    return [dx];
  });
  return y;
}
