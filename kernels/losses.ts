/** Losses with their gradients, and maps of similarity. */
import { coefficients, gradient, products, ranking } from './losses/contrastive';
import { patchGradient } from './losses/patchGradient';
import { patchPlan } from './losses/patchPlan';
import { patchRows } from './losses/patchRows';
import { similarityMap } from './losses/similarityMap';
import { squaredErrors, squaredErrorsGradient } from './losses/squaredErrors';
import { total } from './losses/total';
import {
  CONTRASTIVE_COEFFICIENTS,
  CONTRASTIVE_GRADIENT,
  CONTRASTIVE_PRODUCTS,
  LOSS_TOTAL,
  PATCH_GRADIENT,
  PATCH_PLAN,
  PATCH_ROWS,
  RANKING,
  SIMILARITY_MAP,
  SQUARED_ERRORS,
  SQUARED_ERRORS_GRADIENT,
} from './ops/losses';

export function lossesKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case LOSS_TOTAL:
      total(args);
      break;
    case CONTRASTIVE_PRODUCTS:
      products(args, task, tasks);
      break;
    case CONTRASTIVE_COEFFICIENTS:
      coefficients(args, task, tasks);
      break;
    case CONTRASTIVE_GRADIENT:
      gradient(args, task, tasks);
      break;
    case RANKING:
      ranking(args, task, tasks);
      break;
    case PATCH_PLAN:
      patchPlan(args, task);
      break;
    case PATCH_ROWS:
      patchRows(args, task);
      break;
    case PATCH_GRADIENT:
      patchGradient(args, task);
      break;
    case SQUARED_ERRORS:
      squaredErrors(args, task, tasks);
      break;
    case SQUARED_ERRORS_GRADIENT:
      squaredErrorsGradient(args, task, tasks);
      break;
    case SIMILARITY_MAP:
      similarityMap(args, task, tasks);
      break;
    default:
      unreachable();
  }
}
