import { OPTIMIZER_FAMILY } from '../../../../kernels/command.ts';
import {
  ADAM,
  CLIP_FACTOR,
  GRADIENT_CHUNK,
  SCALE_GRADIENTS,
  SQUARES,
} from '../../../../kernels/ops/optimizer.ts';
import type { Storage } from '../../backend.ts';
import type { OptimizerKernels } from '../../families/optimizer.ts';
import type { CpuBackend } from '../backend.ts';
import type { Block } from '../heap.ts';
import { tasksFor } from './tasks.ts';

const FAMILY = OPTIMIZER_FAMILY * 32;
/** Gradients that the arguments of a command have room for. */
const GRADIENTS = 28;

type Gradient = { size: number; storage: Storage };

/** Optimizer steps and gradient clipping on the processor. */
export function optimizerKernels(cpu: CpuBackend): OptimizerKernels {
  return {
    adam(factors, moments, parameters) {
      const { gain1, beta2, gain2, stepSize, denominatorScale, eps, decay, decoupled } = factors;
      const fours = parameters.map(({ size }) => Math.ceil(size / 4));
      const total = sum(fours);
      const command = cpu.commands
        .add(FAMILY + ADAM, tasksFor(cpu, total * 28, total), total * 60)
        .at(moments)
        .ints(total)
        .floats(gain1, beta2, gain2, stepSize, denominatorScale, eps, decay)
        .ints(decoupled, parameters.length);
      parameters.forEach(({ values, gradient }, i) => {
        command.ints(fours[i]!).at(values, gradient);
      });
    },

    clip(maxNorm, gradients, norm) {
      const groups = inGroups(gradients);
      const chunks = groups.map((group) => sum(group.map(({ size }) => Math.ceil(size / GRADIENT_CHUNK))));
      const sums = cpu.alloc(Math.max(8, sum(chunks) * 8), 'squared gradients');
      let at = (sums as Block).offset;
      groups.forEach((group, i) => {
        const size = sum(group.map((gradient) => gradient.size));
        const command = cpu.commands
          .add(FAMILY + SQUARES, tasksFor(cpu, size, chunks[i]!), size * 2)
          .ints(at, chunks[i]!, group.length);
        for (const { size, storage } of group) command.ints(size).at(storage);
        at += chunks[i]! * 8;
      });
      cpu.commands
        .add(FAMILY + CLIP_FACTOR, 1)
        .at(sums)
        .ints(sum(chunks))
        .at(norm)
        .floats(maxNorm);
      cpu.free(sums);
      for (const group of groups) {
        const fours = group.map(({ size }) => Math.ceil(size / 4));
        const total = sum(fours);
        const command = cpu.commands
          .add(FAMILY + SCALE_GRADIENTS, tasksFor(cpu, total * 8, total), total * 4)
          .at(norm)
          .ints(total, group.length);
        group.forEach(({ storage }, i) => {
          command.ints(fours[i]!).at(storage);
        });
      }
    },
  };
}

function inGroups(gradients: readonly Gradient[]): Gradient[][] {
  return Array.from({ length: Math.ceil(gradients.length / GRADIENTS) }, (_, i) =>
    gradients.slice(i * GRADIENTS, (i + 1) * GRADIENTS),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
