import { afterEach, beforeEach, expect, it } from 'vitest';
import { Context } from '../../tensor/context.ts';
import { requestGpuDevice } from './adapter.ts';
import { WebGpuBackend } from './backend.ts';
import type { KernelSource } from './kernel.ts';

const kernel = (name: string, body: string): KernelSource => ({
  name,
  wgsl: `@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1) fn main() { ${body} }`,
});

/** A device of its own: what does not compile is also an uncaptured error of it, which would fail other tests. */
let context: Context;
let backend: WebGpuBackend;
beforeEach(async () => {
  backend = new WebGpuBackend(await requestGpuDevice());
  context = new Context(backend);
});
afterEach(() => context.destroy());

it('what is recorded while a kernel compiles happens in order', async () => {
  const double = kernel('double', 'y[0] = 2.0 * x[0];');
  const x = context.fromArray([3], [1]);
  const [y, z] = [context.zeros([1]), context.zeros([1])];
  backend.run(double, [x.buffer, y.buffer], {}, [1, 1, 1]);
  expect(backend.kernel(double).pipeline).toBeUndefined();
  const values = new Float32Array([5]);
  context.write(x, values);
  // The caller's array is its own again at once.
  values[0] = 7;
  backend.run(double, [x.buffer, z.buffer], {}, [1, 1, 1]);
  expect([...(await context.read(y)), ...(await context.read(z))]).toEqual([6, 10]);
  expect(backend.kernel(double).pipeline).toBeDefined();
});

it('buffers that held commands use are not destroyed before them', async () => {
  const x = context.fromArray([3], [1]);
  const y = context.zeros([1]);
  backend.run(kernel('triple', 'y[0] = 3.0 * x[0];'), [x.buffer, y.buffer], {}, [1, 1, 1]);
  x.release();
  backend.trim();
  expect([...(await context.read(y))]).toEqual([9]);
});

it('a kernel that does not compile is told where its result is waited for, and the context goes on', async () => {
  const x = context.fromArray([3], [1]);
  const y = context.fromArray([4], [1]);
  backend.run(kernel('broken', 'y[0] = nothing;'), [x.buffer, y.buffer], {}, [1, 1, 1]);
  await expect(context.read(y)).rejects.toThrow(/broken/);
  expect([...(await context.read(y))]).toEqual([4]);
  backend.run(kernel('add', 'y[0] += x[0];'), [x.buffer, y.buffer], {}, [1, 1, 1]);
  expect([...(await context.read(y))]).toEqual([7]);
});
