import { ATTENTION_FAMILY } from '../../../../kernels/command.ts';
import {
  ATTENTION,
  ATTENTION_GRADIENT,
  MOST_KEYS,
  MOST_SUMS,
  PANEL_QUERIES,
} from '../../../../kernels/ops/attention.ts';
import type { Storage } from '../../backend.ts';
import type {
  AttentionInputs,
  AttentionKernels,
  AttentionRows,
  AttentionShape,
} from '../../families/attention.ts';
import type { CpuBackend } from '../backend.ts';
import type { Commands } from '../commands.ts';

/** Floating-point operations of a task at most: a few milliseconds. */
const MOST_WORK = 80e6;
/** Fewest panels of queries for which it is worth to pack a head's values. */
const FEWEST_PANELS = 4;
/** Tasks of a gradient wanted whatever the machine: its parts, unlike the forward ones, change the order of sums. */
const GRADIENT_TASKS = 16;
/** Fewest queries and keys of a part of a gradient. */
const FEWEST_ROWS = 64;

/** Streaming attention on the processor. */
export function attentionKernels(cpu: CpuBackend): AttentionKernels {
  return {
    forward(shape, operands) {
      const { batch, heads, queries, keys, width } = shape;
      const pairs = batch * heads;
      const panels = Math.ceil(queries / PANEL_QUERIES);
      const work = 4 * queries * keys * width;
      const balanced = Math.min(Math.ceil((4 * cpu.threads) / pairs), Math.floor(panels / FEWEST_PANELS));
      const mostPanels = Math.floor(MOST_SUMS / width / PANEL_QUERIES);
      const parts = Math.min(
        panels,
        Math.max(1, balanced, Math.ceil(work / MOST_WORK), Math.ceil(panels / mostPanels)),
      );
      const blocks = Math.ceil(keys / MOST_KEYS);
      write(cpu.commands.add(op(ATTENTION), pairs * parts, work * pairs), shape, operands).ints(
        parts,
        Math.ceil(keys / blocks),
      );
    },

    backward(shape, operands) {
      const { batch, heads, queries, keys, width } = shape;
      const { dq, dk } = operands;
      const pairs = batch * heads;
      const work = ((dq ? 6 : 4) + (dk ? 4 : 0)) * queries * keys * width;
      const balanced = Math.min(
        Math.ceil(GRADIENT_TASKS / pairs),
        Math.floor(queries / FEWEST_ROWS),
        Math.floor(keys / FEWEST_ROWS),
      );
      const parts = Math.max(
        1,
        balanced,
        Math.ceil(keys / MOST_KEYS),
        Math.ceil(Math.sqrt(work / MOST_WORK)),
      );
      for (let step = 0; step < parts; step++) {
        const command = cpu.commands.add(op(ATTENTION_GRADIENT), pairs * parts, (work * pairs) / parts);
        write(command, shape, operands).ints(parts, step);
      }
    },
  };
}

function op(kernel: number): number {
  return ATTENTION_FAMILY * 32 + kernel;
}

/** Arguments that both directions share; the order is that of `kernels/attention/layout.ts`. */
function write(
  command: Commands,
  { heads, queries, keys, width, causal, scale }: AttentionShape,
  operands: AttentionInputs & {
    dO?: Storage;
    dq?: AttentionRows | undefined;
    dk?: AttentionRows | undefined;
    dv?: AttentionRows | undefined;
  },
): Commands {
  const { q, k, v, o, lse, dO, dq, dk, dv } = operands;
  command.at(q.storage, k.storage, v.storage, o, lse, dO, dq?.storage, dk?.storage, dv?.storage);
  for (const rows of [q, k, v, dq, dk, dv]) command.ints(rows?.stride ?? 0, rows?.column ?? 0);
  return command.ints(heads, queries, keys, width, causal).floats(scale);
}
