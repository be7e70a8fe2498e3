import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { requestGpuDevice } from './adapter.ts';
import { NoWebGpuError } from './errors.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A browser that gives no adapter the first `silent` times. */
function browser(silent: number) {
  const device = { features: new Set(['subgroups']), limits: { maxBufferSize: 7 } };
  const adapter = {
    ...{ features: new Set(['subgroups', 'something-else']), limits: {} },
    info: { vendor: 'maker', architecture: 'chip', description: '', isFallbackAdapter: false },
    requestDevice: vi.fn(async () => device),
  };
  let asked = 0;
  const requestAdapter = vi.fn(async () => (asked++ < silent ? null : adapter));
  return { adapter, device, gpu: { requestAdapter } as unknown as GPU, requestAdapter };
}

it('asks again when the first answer is no adapter', async () => {
  const { gpu, adapter, device, requestAdapter } = browser(1);
  const asking = requestGpuDevice(gpu);
  await vi.runAllTimersAsync();
  const made = await asking;
  expect(made.device).toBe(device);
  expect(made.adapter).toMatchObject({ vendor: 'maker', software: false, maxBufferSize: 7 });
  expect(requestAdapter).toHaveBeenCalledTimes(2);
  const [asked] = adapter.requestDevice.mock.calls[0] as unknown as [GPUDeviceDescriptor];
  expect(asked.requiredFeatures).toEqual(['subgroups']);
});

it('says what to do when there is none in the end, or no WebGPU', async () => {
  const { gpu, requestAdapter } = browser(99);
  const asking = expect(requestGpuDevice(gpu)).rejects.toThrow(NoWebGpuError);
  await vi.runAllTimersAsync();
  await asking;
  expect(requestAdapter).toHaveBeenCalledTimes(3);
  await expect(requestGpuDevice(undefined)).rejects.toThrow('recent Chrome');
});
