import { beforeAll, expect, it, vi } from 'vitest';
import type { Kernel } from './kernel.ts';
import { Recorder } from './recorder.ts';

beforeAll(() => vi.stubGlobal('GPUBufferUsage', { UNIFORM: 1, COPY_DST: 2 }));

/** A device that counts what it is given. */
function fakeDevice() {
  const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
  const encoder = { beginComputePass: () => pass, finish: () => ({}) };
  const createBindGroup = vi.fn(() => ({}));
  const submit = vi.fn();
  const device = {
    limits: { minUniformBufferOffsetAlignment: 256, maxComputeWorkgroupsPerDimension: 65_535 },
    createBuffer: () => ({}),
    createCommandEncoder: () => encoder,
    createBindGroup,
    queue: { submit, writeBuffer: vi.fn(), onSubmittedWorkDone: async () => {} },
  };
  return { device: device as unknown as GPUDevice, submit, createBindGroup };
}

const kernel = {
  ...{ id: 1, name: 'test', pipeline: {}, layout: {}, access: ['read_write'] },
  uniforms: [{ name: 'n', type: 'u32' }],
} as unknown as Kernel;

it('submits after 64 dispatches, so that the GPU works while the next are recorded', () => {
  const { device, submit, createBindGroup } = fakeDevice();
  const recorder = new Recorder(device);
  const buffer = {} as GPUBuffer;
  for (let i = 0; i < 150; i++) recorder.dispatch(kernel, [buffer], { n: i }, [1, 1, 1], 1);
  expect(submit).toHaveBeenCalledTimes(2);
  recorder.flush();
  recorder.flush();
  expect(submit).toHaveBeenCalledTimes(3);
  expect(recorder.counts).toMatchObject({ dispatches: 150, submissions: 3, flops: 150 });
  expect(createBindGroup).toHaveBeenCalledOnce();
});

it('submits sooner when the work is long', () => {
  const { device, submit } = fakeDevice();
  const recorder = new Recorder(device);
  for (let i = 0; i < 4; i++) recorder.dispatch(kernel, [{} as GPUBuffer], { n: i }, [1, 1, 1], 6e7);
  expect(submit).toHaveBeenCalledTimes(2);
});
