import { expect, it } from 'vitest';
import { computeStatus } from '../store/testing.ts';
import { deviceLabel, wayText } from './deviceText.ts';

it('names what computes', () => {
  expect(deviceLabel(computeStatus('nvidia'))).toBe('nvidia a');
  const processor = computeStatus('CPU', { gflops: 80 });
  const on = (threads: number) => deviceLabel({ ...processor, traits: { ...processor.traits, threads } });
  expect([on(1), on(2)]).toEqual(['CPU, 1 thread', 'CPU, 2 threads']);
});

it('tells of a way how fast it is, or why it is not to be had', () => {
  expect(wayText({ name: 'nvidia hopper', gflops: 8123 })).toBe('nvidia hopper: 8100 GFLOP/s');
  expect(wayText({ name: 'google swiftshader', gflops: 1.94, software: true })).toBe(
    'google swiftshader: 1.9 GFLOP/s. A software adapter, slower than the processor by itself.',
  );
  expect(wayText({ name: 'nvidia hopper' })).toBe('nvidia hopper: not measured yet');
  expect(wayText({ problem: 'No adapter answered.' })).toBe('No adapter answered.');
  expect(wayText({})).toBe('Not tried on this machine yet.');
});
