import { LOSSES_FAMILY } from '../../../../kernels/command.ts';
import {
  CONTRASTIVE_COEFFICIENTS,
  CONTRASTIVE_GRADIENT,
  CONTRASTIVE_PRODUCTS,
  HINGE,
  INFO_NCE,
  LOSS_TOTAL,
  MULTI_POSITIVE,
  RANKING,
} from '../../../../kernels/ops/losses.ts';
import type { ContrastiveKernels } from '../../families/losses.ts';
import type { CpuBackend } from '../backend.ts';
import type { Block } from '../heap.ts';
import { tasksForWork } from './tasks.ts';

const FAMILY = LOSSES_FAMILY * 32;
const KINDS = { INFO_NCE, MULTI_POSITIVE, HINGE };

/** Losses over all pairs, on the processor. */
export function contrastiveKernels(cpu: CpuBackend): ContrastiveKernels {
  return {
    loss({ kind, tau, margin, ...shape }, { q, p, n, loss, coefficients }) {
      const { anchors, positives, negatives, columns } = shape;
      const pairs = anchors * (positives + negatives);
      const line = Math.ceil(positives / 4) * 4 + Math.ceil(negatives / 4) * 4;
      const lines = cpu.alloc(anchors * line * 4, 'similarities');
      const losses = cpu.alloc(anchors * 8, 'losses of anchors');
      const work = pairs * columns * 2;
      cpu.commands
        .add(FAMILY + CONTRASTIVE_PRODUCTS, tasksForWork(cpu, work, pairs), work)
        .at(q, p, n, lines)
        .ints(anchors, positives, negatives, columns);
      const pairWork = kind === 'HINGE' ? anchors * positives * negatives * 8 : pairs * 60;
      cpu.commands
        .add(FAMILY + CONTRASTIVE_COEFFICIENTS, tasksForWork(cpu, pairWork, anchors), pairWork)
        .at(lines, losses, coefficients)
        .ints(KINDS[kind], anchors, positives, negatives)
        .floats(1 / tau, margin);
      cpu.commands
        .add(FAMILY + LOSS_TOTAL, 1)
        .at(losses)
        .ints(anchors)
        .at(loss);
      cpu.free(losses);
      cpu.free(lines);
    },

    anchorGradient({ anchors, positives, negatives, columns }, { p, n, coefficients, dy, dq }) {
      const work = anchors * (positives + negatives) * columns * 2;
      cpu.commands
        .add(FAMILY + CONTRASTIVE_GRADIENT, tasksForWork(cpu, work, anchors), work)
        .at(coefficients)
        .ints((positives + negatives) * 4, 4)
        .at(p)
        .ints(positives)
        .at(n)
        .ints(negatives)
        .at(dy, dq)
        .ints(anchors, columns);
    },

    otherGradient({ anchors, positives, negatives, others, offset, columns }, { q, coefficients, dy, dx }) {
      const work = anchors * others * columns * 2;
      cpu.commands
        .add(FAMILY + CONTRASTIVE_GRADIENT, tasksForWork(cpu, work, others), work)
        .ints((coefficients as Block).offset + offset * 4, 4, (positives + negatives) * 4)
        .at(q)
        .ints(anchors)
        .at(undefined)
        .ints(0)
        .at(dy, dx)
        .ints(others, columns);
    },

    ranking({ triplets, columns }, { q, p, n, hits }) {
      const work = triplets * columns * 8;
      cpu.commands
        .add(FAMILY + RANKING, tasksForWork(cpu, work, triplets), work)
        .at(q, p, n, hits)
        .ints(triplets, columns);
    },
  };
}
