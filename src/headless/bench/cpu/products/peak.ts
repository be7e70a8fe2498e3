import { PEAK_FAMILY } from '../../../../../kernels/command.ts';
import { PEAK_CHAINS } from '../../../../../kernels/ops/peak.ts';
import type { Storage } from '../../../../backend/backend.ts';
import type { CpuBackend } from '../../../../backend/cpu/backend.ts';
import { timeRuns } from '../../timing.ts';
import { SHORT } from '../timing.ts';

/** Rounds of a task: about a millisecond. */
const ROUNDS = 200_000;
/** Tasks per thread. */
const TASKS = 8;
/** Lanes of a v128, and bytes of it. */
const [LANES, BYTES] = [4, 16];
/** What is multiplied by and added: the chains stay near y / (1 − x) = 1. */
const [X, Y] = [0.5, 0.5];

/** Record the peak kernel: `tasks` results of one v128 each go into `result`. */
export function recordPeak(cpu: CpuBackend, result: Storage, tasks: number, rounds: number): void {
  const flops = 2 * LANES * PEAK_CHAINS * rounds * tasks;
  cpu.commands
    .add(PEAK_FAMILY * 32, tasks, flops)
    .at(result)
    .ints(rounds)
    .floats(X, Y);
}

/** GFLOP/s of 128-bit multiply-adds on registers alone, by all threads of the backend together. */
export async function measurePeak(cpu: CpuBackend): Promise<number> {
  const tasks = TASKS * cpu.threads;
  const result = cpu.alloc(tasks * BYTES, 'peak');
  try {
    const before = cpu.counts.flops;
    recordPeak(cpu, result, tasks, ROUNDS);
    const work = cpu.counts.flops - before;
    const { bestMs } = await timeRuns(async () => {
      recordPeak(cpu, result, tasks, ROUNDS);
      await cpu.finish();
    }, SHORT);
    return work / bestMs / 1e6;
  } finally {
    cpu.free(result);
  }
}
