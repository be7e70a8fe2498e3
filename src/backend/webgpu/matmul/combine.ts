import wgsl from '../../../../shaders/matmul-combine.wgsl?raw';
import type { Storage } from '../../backend.ts';
import type { Epilogue } from '../../families/matrix.ts';
import type { WebGpuBackend } from '../backend.ts';
import { linearGrid } from '../grid.ts';
import { bindEpilogue } from './operands.ts';

/** C = alpha · Σ partial[s] + bias + addend over `splits` partial results of `count` numbers each, rows of n. */
export function combine(
  gpu: WebGpuBackend,
  { count, n, splits }: { count: number; n: number; splits: number },
  partial: Storage,
  epilogue: Epilogue,
): void {
  const width = n % 4 === 0 ? 4 : 1;
  const items = count / width;
  const { buffers, switches } = bindEpilogue(epilogue);
  gpu.run(
    { name: 'matmul-combine', wgsl, constants: { ...switches, ITEM: width === 4 ? 'vec4f' : 'f32' } },
    [partial, epilogue.c, ...buffers],
    { count: items, columns: n / width, splits, alpha: epilogue.alpha },
    linearGrid(items, 64),
    count * splits,
  );
}
