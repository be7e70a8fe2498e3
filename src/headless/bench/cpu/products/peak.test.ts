import { expect, it } from 'vitest';
import { PEAK_CHAINS } from '../../../../../kernels/ops/peak.ts';
import { createCpuBackend } from '../../../../backend/cpu/create.ts';
import { recordPeak } from './peak.ts';

it.each([0, 1, 5])('multiplies and adds in every lane of every chain, %i times', async (rounds) => {
  const { backend } = await createCpuBackend({ threads: 2 });
  const tasks = 3;
  const result = backend.alloc(tasks * 16, 'result');
  recordPeak(backend, result, tasks, rounds);
  let expected = 0;
  for (let chain = 1; chain <= PEAK_CHAINS; chain++) {
    let a = 0.5 * chain;
    for (let i = 0; i < rounds; i++) a = a * 0.5 + 0.5;
    expected += a;
  }
  expect([...new Float32Array(await backend.read(result, tasks * 16))]).toEqual(
    new Array(4 * tasks).fill(expected),
  );
  expect(backend.counts.flops).toBe(2 * 4 * PEAK_CHAINS * rounds * tasks);
  backend.destroy();
});
