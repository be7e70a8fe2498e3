/** Matrix products; the interface is `MatrixKernels` in src/backend/families. */
import { COMBINE, PACK, PRODUCT, REARRANGE, UNFOLD } from './ops/matrix';
import { combine } from './matrix/combine';
import { pack } from './matrix/pack';
import { product } from './matrix/product';
import { rearrange } from './matrix/rearrange';
import { unfold } from './matrix/unfold';

export function matrixKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case PACK:
      pack(args, task, tasks);
      break;
    case PRODUCT:
      product(args, task);
      break;
    case COMBINE:
      combine(args, task, tasks);
      break;
    case REARRANGE:
      rearrange(args, task, tasks);
      break;
    case UNFOLD:
      unfold(args, task, tasks);
      break;
    default:
      unreachable();
  }
}
