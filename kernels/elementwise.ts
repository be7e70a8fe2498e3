/** Arithmetic, activations, layer scale and dropout; the interfaces are in src/backend/families/elementwise.ts. */
import { add, combineTerms, fill, layerScale, multiply, scale } from './elementwise/arithmetic';
import { dropout } from './elementwise/dropout';
import { gegluBackward, gegluForward, geluBackward, geluForward } from './elementwise/gelu';
import { siluBackward, siluForward } from './elementwise/silu';
import {
  ADD,
  COMBINE_TERMS,
  DROPOUT,
  FILL,
  GEGLU,
  GEGLU_GRADIENT,
  GELU,
  GELU_GRADIENT,
  LAYER_SCALE,
  PRODUCT_OF_TWO,
  SCALE,
  SILU,
  SILU_GRADIENT,
} from './ops/elementwise';

export function elementwiseKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  switch (kernel) {
    case FILL:
      fill(args, task, tasks);
      break;
    case ADD:
      add(args, task, tasks);
      break;
    case SCALE:
      scale(args, task, tasks);
      break;
    case COMBINE_TERMS:
      combineTerms(args, task, tasks);
      break;
    case GELU:
      geluForward(args, task, tasks);
      break;
    case GELU_GRADIENT:
      geluBackward(args, task, tasks);
      break;
    case SILU:
      siluForward(args, task, tasks);
      break;
    case SILU_GRADIENT:
      siluBackward(args, task, tasks);
      break;
    case GEGLU:
      gegluForward(args, task, tasks);
      break;
    case GEGLU_GRADIENT:
      gegluBackward(args, task, tasks);
      break;
    case LAYER_SCALE:
      layerScale(args, task, tasks);
      break;
    case PRODUCT_OF_TWO:
      multiply(args, task, tasks);
      break;
    case DROPOUT:
      dropout(args, task, tasks);
      break;
    default:
      unreachable();
  }
}
