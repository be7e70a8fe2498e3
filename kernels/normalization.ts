/** Layer and group normalization, rows of unit length, softmax. */
import { groupGradient, groupGradientMeans, groupGradientSums } from './normalization/groupGradient';
import { groupNorm, groupStatistics, groupSums } from './normalization/groupNorm';
import { layerNorm, layerNormGradient } from './normalization/layerNorm';
import { normalize, normalizeGradient } from './normalization/normalize';
import { softmax, softmaxGradient } from './normalization/softmax';
import {
  GROUP_GRADIENT,
  GROUP_GRADIENT_MEANS,
  GROUP_GRADIENT_SUMS,
  GROUP_NORM,
  GROUP_STATISTICS,
  GROUP_SUMS,
  LAYER_NORM,
  LAYER_NORM_GRADIENT,
  NORMALIZE,
  NORMALIZE_GRADIENT,
  SOFTMAX,
  SOFTMAX_GRADIENT,
} from './ops/normalization';

export function normalizationKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case LAYER_NORM:
      layerNorm(args, task, tasks);
      break;
    case LAYER_NORM_GRADIENT:
      layerNormGradient(args, task, tasks);
      break;
    case GROUP_SUMS:
      groupSums(args, task, tasks);
      break;
    case GROUP_STATISTICS:
      groupStatistics(args, task, tasks);
      break;
    case GROUP_NORM:
      groupNorm(args, task, tasks);
      break;
    case GROUP_GRADIENT_SUMS:
      groupGradientSums(args, task, tasks);
      break;
    case GROUP_GRADIENT_MEANS:
      groupGradientMeans(args, task, tasks);
      break;
    case GROUP_GRADIENT:
      groupGradient(args, task, tasks);
      break;
    case NORMALIZE:
      normalize(args, task, tasks);
      break;
    case NORMALIZE_GRADIENT:
      normalizeGradient(args, task, tasks);
      break;
    case SOFTMAX:
      softmax(args, task, tasks);
      break;
    case SOFTMAX_GRADIENT:
      softmaxGradient(args, task, tasks);
      break;
    default:
      unreachable();
  }
}
