import type { WayReport } from '../../backend/choose/choose.ts';
import type { ComputeStatus } from '../../engine/protocol.ts';

/** What computes, in a few words: `CPU, 2 threads`, or the graphics card's name. */
export function deviceLabel({ kind, device, traits }: ComputeStatus): string {
  if (kind === 'cpu') return `CPU, ${traits.threads === 1 ? '1 thread' : `${traits.threads} threads`}`;
  return [device.vendor, device.architecture].filter(Boolean).join(' ') || 'GPU';
}

/** What is known of a way to compute: its name and measured speed, or why it is not available. */
export function wayText({ name, gflops, software, problem }: WayReport): string {
  if (problem) return problem;
  if (!name) return 'Not tried on this machine yet.';
  const speed = gflops === undefined ? 'not measured yet' : `${rate(gflops)} GFLOP/s`;
  return `${name}: ${speed}${software ? '. A software adapter, slower than the processor by itself.' : ''}`;
}

/** Two digits are what such a measurement is good for. */
function rate(gflops: number): string {
  return `${Number(gflops.toPrecision(2))}`;
}
