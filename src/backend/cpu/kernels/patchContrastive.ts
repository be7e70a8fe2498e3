import { LOSSES_FAMILY } from '../../../../kernels/command.ts';
import {
  LOSS_TOTAL,
  PATCH_GRADIENT,
  PATCH_PLAN,
  PATCH_ROWS,
  PATCH_TILE,
  PLAN_WORDS,
} from '../../../../kernels/ops/losses.ts';
import type { PatchContrastiveKernels, PatchContrastiveShape } from '../../families/losses.ts';
import type { CpuBackend } from '../backend.ts';
import type { Block } from '../heap.ts';

const FAMILY = LOSSES_FAMILY * 32;

/** Operations of one task at most, and rows and members of a task at most. */
const TASK_WORK = 5e7;
const MOST_ROWS = 32;
const MOST_MEMBERS = 64;

/** The patch term on the processor; `kernels/losses/patchPlan.ts` says how a triplet is laid out. */
export function patchContrastiveKernels(cpu: CpuBackend): PatchContrastiveKernels {
  return {
    loss(shape, { x, coverage, loss, gradient }) {
      const { triplets, patches, tokens, channels, tau } = shape;
      const planWords = PLAN_WORDS + 4 * patches + 12;
      const numbers = workspaceNumbers(patches);
      const chunkSize = chunkOf(shape, numbers);
      const tiles = Math.ceil(patches / PATCH_TILE);
      const plans = cpu.alloc(triplets * planWords * 4, 'patch plans');
      const losses = cpu.alloc(triplets * 2 * tiles * 8, 'patch losses');
      const workspace = cpu.alloc(chunkSize * numbers * 4, 'patch products');
      cpu.commands
        .add(FAMILY + PATCH_PLAN, triplets)
        .at(coverage, plans)
        .ints(planWords, triplets, tokens, patches, channels)
        .floats(shape.objectFrom, shape.backgroundBelow);
      for (let first = 0; first < triplets; first += chunkSize) {
        const chunk = Math.min(chunkSize, triplets - first);
        const planAt = (plans as Block).offset + first * planWords * 4;
        const lossAt = (losses as Block).offset + first * 2 * tiles * 8;
        // Objects are a quarter of a photo or so.
        const work = (chunk * 2 * patches * 3 * patches * 2 * channels) / 4;
        cpu.commands
          .add(FAMILY + PATCH_ROWS, chunk * 2 * tiles, work)
          .at(x)
          .ints(planAt, planWords)
          .at(workspace)
          .ints(numbers, lossAt, tiles, channels)
          .floats(1 / tau);
        if (!gradient) continue;
        const rows = tileOf(MOST_ROWS, 3 * patches * channels * 2);
        const members = tileOf(MOST_MEMBERS, 2 * patches * channels * 2);
        const rowTiles = Math.ceil(patches / rows);
        const memberTiles = Math.ceil((3 * patches) / members);
        cpu.commands
          .add(FAMILY + PATCH_GRADIENT, chunk * (2 * rowTiles + memberTiles), 2 * work)
          .at(x)
          .ints(planAt, planWords)
          .at(workspace)
          .ints(numbers)
          .at(gradient)
          .ints(rows, rowTiles, members, memberTiles, channels);
      }
      cpu.commands
        .add(FAMILY + LOSS_TOTAL, 1)
        .at(losses)
        .ints(triplets * 2 * tiles)
        .at(loss);
      for (const block of [workspace, losses, plans]) cpu.free(block);
    },
  };
}

/** Triplets whose products are in the workspace at a time. */
function chunkOf({ triplets, workspaceBytes }: PatchContrastiveShape, numbers: number): number {
  return Math.max(1, Math.min(triplets, Math.floor(workspaceBytes / (numbers * 4))));
}

/**
 * Numbers that the lines of a triplet take at most: rows, each side padded to tiles, times the larger side and the members against,
 * both padded to fours. With N patches, s rows have at most min(s, N) + 3N − s numbers: 4N² together, reached where all is object.
 */
function workspaceNumbers(patches: number): number {
  return Math.ceil((4 * patches ** 2 + 78 * patches + 132) / 16) * 16;
}

/** Results a task, in fours. */
function tileOf(most: number, workEach: number): number {
  return Math.max(4, Math.min(most, Math.floor(TASK_WORK / workEach / 4) * 4));
}
