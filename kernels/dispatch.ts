/** From the op of a command to its kernel. */
import { attentionKernel } from './attention';
import {
  ATTENTION_FAMILY,
  ELEMENTWISE_FAMILY,
  IMAGES_FAMILY,
  LOSSES_FAMILY,
  MATRIX_FAMILY,
  MEMORY_FAMILY,
  NORMALIZATION_FAMILY,
  OPTIMIZER_FAMILY,
  PEAK_FAMILY,
  ROWS_FAMILY,
} from './command';
import { elementwiseKernel } from './elementwise';
import { imagesKernel } from './images';
import { lossesKernel } from './losses';
import { matrixKernel } from './matrix';
import { memoryKernel } from './memory';
import { normalizationKernel } from './normalization';
import { optimizerKernel } from './optimizer';
import { peakKernel } from './peak';
import { rowsKernel } from './rows';

export function runKernel(op: i32, args: usize, task: i32, tasks: i32): void {
  const kernel = op & 31;
  switch (op >> 5) {
    case MEMORY_FAMILY:
      memoryKernel(kernel, args, task);
      break;
    case MATRIX_FAMILY:
      matrixKernel(kernel, args, task, tasks);
      break;
    case ATTENTION_FAMILY:
      attentionKernel(kernel, args, task, tasks);
      break;
    case NORMALIZATION_FAMILY:
      normalizationKernel(kernel, args, task, tasks);
      break;
    case ELEMENTWISE_FAMILY:
      elementwiseKernel(kernel, args, task, tasks);
      break;
    case ROWS_FAMILY:
      rowsKernel(kernel, args, task, tasks);
      break;
    case IMAGES_FAMILY:
      imagesKernel(kernel, args, task, tasks);
      break;
    case LOSSES_FAMILY:
      lossesKernel(kernel, args, task, tasks);
      break;
    case OPTIMIZER_FAMILY:
      optimizerKernel(kernel, args, task, tasks);
      break;
    case PEAK_FAMILY:
      peakKernel(args, task);
      break;
    default:
      unreachable();
  }
}
