import { ELEMENTWISE_FAMILY } from '../../../../kernels/command.ts';
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
} from '../../../../kernels/ops/elementwise.ts';
import type {
  ActivationKernels,
  DropoutKernels,
  ElementwiseKernels,
  GatedKernels,
  LayerScaleKernels,
} from '../../families/elementwise.ts';
import type { CpuBackend } from '../backend.ts';
import { tasksFor } from './tasks.ts';

/** Exponentials take as long as so many numbers that are only moved. */
const EXPONENTIAL = 8;

const begin = (cpu: CpuBackend, kernel: number, numbers: number, cost = 1, most = Math.ceil(numbers / 4)) =>
  cpu.commands.add(ELEMENTWISE_FAMILY * 32 + kernel, tasksFor(cpu, numbers * cost, most), numbers * cost);

/** Arithmetic, number by number. */
export function elementwiseKernels(cpu: CpuBackend): ElementwiseKernels {
  return {
    fill(count, y, value) {
      begin(cpu, FILL, count).at(y).ints(count).floats(value);
    },
    addInPlace(count, { y, x }, alpha) {
      begin(cpu, ADD, count).reading(y, x).at(y).ints(count).floats(alpha);
    },
    add(count, { a, b, y }, alpha) {
      begin(cpu, ADD, count).reading(a, b).at(y).ints(count).floats(alpha);
    },
    scale(count, { x, y }, alpha) {
      begin(cpu, SCALE, count).reading(x).at(y).ints(count).floats(alpha).reading(undefined);
    },
    scaleBy(count, { x, scalar, y }) {
      begin(cpu, SCALE, count).reading(x).at(y).ints(count).floats(0).reading(scalar);
    },
    linearCombination(count, terms, y) {
      const command = begin(cpu, COMBINE_TERMS, count, terms.length).at(y).ints(count, terms.length);
      for (const [factor, x] of terms) command.reading(x).floats(factor);
    },
  };
}

/** An activation by its two kernels. */
function activation(cpu: CpuBackend, forward: number, backward: number): ActivationKernels {
  return {
    forward(count, { x, y }) {
      begin(cpu, forward, count, EXPONENTIAL).reading(x).at(y).ints(count);
    },
    backward(count, { x, dy, dx }) {
      begin(cpu, backward, count, EXPONENTIAL).reading(x, dy).at(dx).ints(count);
    },
  };
}

/** Exact GELU. */
export function geluKernels(cpu: CpuBackend): ActivationKernels {
  return activation(cpu, GELU, GELU_GRADIENT);
}

/** SiLU. */
export function siluKernels(cpu: CpuBackend): ActivationKernels {
  return activation(cpu, SILU, SILU_GRADIENT);
}

/** Gated GELU. */
export function gegluKernels(cpu: CpuBackend): GatedKernels {
  return {
    forward({ rows, columns }, { x, y }) {
      begin(cpu, GEGLU, rows * columns, EXPONENTIAL, rows)
        .reading(x)
        .at(y)
        .ints(rows, columns);
    },
    backward({ rows, columns }, { x, dy, dx }) {
      begin(cpu, GEGLU_GRADIENT, rows * columns, EXPONENTIAL, rows)
        .reading(x, dy)
        .at(dx)
        .ints(rows, columns);
    },
  };
}

/** A factor for each column. */
export function layerScaleKernels(cpu: CpuBackend): LayerScaleKernels {
  return {
    forward({ rows, columns }, { x, gamma, residual, y }) {
      begin(cpu, LAYER_SCALE, rows * columns, 1, rows)
        .reading(x, gamma, residual)
        .at(y)
        .ints(rows, columns);
    },
    product({ rows, columns }, { a, b, y }) {
      begin(cpu, PRODUCT_OF_TWO, rows * columns)
        .reading(a, b)
        .at(y)
        .ints(rows * columns);
    },
  };
}

/** Dropout by Philox words. */
export function dropoutKernels(cpu: CpuBackend): DropoutKernels {
  return {
    apply({ count, threshold, seed, stream, firstBlock, scale }, { x, y }) {
      begin(cpu, DROPOUT, count, EXPONENTIAL)
        .reading(x)
        .at(y)
        .ints(count, threshold, ...seed, ...stream, firstBlock)
        .floats(scale);
    },
  };
}
