import { expect, it } from 'vitest';
import { testContext } from '../../../testing/device.ts';
import { KernelError } from '../../errors.ts';

it('refuses attention gradients that are not laid out as their inputs', async () => {
  const { backend } = await testContext();
  const before = backend.memory().used;
  const [storage, other] = [backend.alloc(4 * 5 * 24, 'input'), backend.alloc(4 * 5 * 24, 'output')];
  const shape = { batch: 1, heads: 1, queries: 5, keys: 5, width: 8, scale: 1, causal: false };
  const [q, k, v] = [0, 8, 16].map((column) => ({ storage, stride: 24, column }));
  const inputs = { q: q!, k: k!, v: v!, o: storage, lse: storage, dO: storage };
  const dq = { storage: other, stride: 8, column: 0 };
  expect(() => backend.kernels.attention.backward(shape, { ...inputs, dq })).toThrow(KernelError);
  expect(() => backend.kernels.attention.backward(shape, { ...inputs, dq })).toThrow('dq is not laid out');
  backend.free(storage);
  backend.free(other);
  expect(backend.memory().used).toBe(before);
});
