import type { CpuBackend } from '../backend.ts';

/** Numbers that are worth a task of their own: tens of microseconds. */
const SMALLEST = 16_384;
/** Numbers of a task at most: a few milliseconds. */
const LARGEST = 2 ** 20;

/**
 * Tasks for work on so many numbers, memory bound: one when it is small, else enough to balance threads.
 * @param most units that the work can be cut into
 */
export function tasksFor(cpu: CpuBackend, numbers: number, most = Number.POSITIVE_INFINITY): number {
  const balanced = Math.min(4 * cpu.threads, Math.floor(numbers / SMALLEST));
  return Math.max(1, Math.min(most, Math.max(balanced, Math.ceil(numbers / LARGEST))));
}

/** Operations that take about as long as moving a number. */
const OPERATIONS_PER_NUMBER = 24;

/**
 * Tasks for work that arithmetic bounds.
 * @param flops floating-point operations
 * @param most units that the work can be cut into
 */
export function tasksForWork(cpu: CpuBackend, flops: number, most = Number.POSITIVE_INFINITY): number {
  return tasksFor(cpu, flops / OPERATIONS_PER_NUMBER, most);
}
