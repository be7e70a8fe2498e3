import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend.ts';
import { NoWasmSimdError } from '../cpu/errors.ts';
import { KernelError } from '../errors.ts';
import { requestGpuDevice } from '../webgpu/adapter.ts';
import { NoWebGpuError } from '../webgpu/errors.ts';
import { type ChooseRequest, chooseBackend } from './choose.ts';
import type { Way, WayOpener } from './ways.ts';

/** A browser's WebGPU whose only adapter is a real one, one of software, or missing. */
function browserGpu(adapter: 'real' | 'software' | 'none'): GPU {
  const device = {
    features: new Set<string>(),
    limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
  };
  const info =
    adapter === 'real'
      ? { vendor: 'maker', architecture: 'chip', description: '', isFallbackAdapter: false }
      : { vendor: 'google', architecture: 'swiftshader', description: '', isFallbackAdapter: true };
  const found = { features: new Set(), limits: {}, info, requestDevice: async () => device };
  return { requestAdapter: async () => (adapter === 'none' ? null : found) } as unknown as GPU;
}

/** A backend by name; nothing runs on it. */
function named(kind: Backend['kind'], device: Backend['device'], onCpu: boolean): Backend {
  return { kind, device, traits: { maxBytes: 1, onCpu }, destroy: vi.fn() } as unknown as Backend;
}

const PROCESSOR = { vendor: 'CPU', architecture: 'SIMD', description: '2 threads', features: [] };

const opened: Backend[] = [];

/** A machine with such an adapter; `simd` false: a browser without WebAssembly SIMD. */
function machine(adapter: 'real' | 'software' | 'none', { simd = true } = {}): Record<Way, WayOpener> {
  const keep = (backend: Backend, notes: string[] = []) => {
    opened.push(backend);
    return { backend, notes };
  };
  return {
    gpu: {
      key: () => 'gpu',
      open: vi.fn(async () => {
        const { adapter: found } = await requestGpuDevice(browserGpu(adapter));
        return keep(named('webgpu', found, found.software));
      }),
    },
    cpu: {
      key: () => 'cpu/simd/2',
      open: vi.fn(async () => {
        if (!simd) throw new NoWasmSimdError('This browser has no WebAssembly SIMD.');
        return keep(named('cpu', PROCESSOR, true), ['One thread only.']);
      }),
    },
  };
}

/** GFLOP/s by kind, and a store like the browser's. */
const speeds = (webgpu: number, cpu: number) =>
  vi.fn(async ({ kind }: Backend) => (kind === 'cpu' ? cpu : webgpu));
function memoryStore() {
  const kept = new Map<string, string>();
  return {
    get: (key: string) => kept.get(key),
    set: (key: string, value: string) => void kept.set(key, value),
  };
}

/** Choose with all waiting done at once; what was not chosen must be gone. */
async function choose(request: ChooseRequest) {
  opened.length = 0;
  const choosing = chooseBackend(request);
  choosing.catch(() => {});
  await vi.runAllTimersAsync();
  const chosen = await choosing;
  for (const backend of opened)
    expect(backend.destroy).toHaveBeenCalledTimes(backend === chosen.backend ? 0 : 1);
  return chosen;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the backend that is chosen', () => {
  it('is a real GPU, and the processor where there is software or nothing', async () => {
    const measure = speeds(1000, 80);
    const real = await choose({ preference: 'auto', ways: machine('real'), measure });
    expect(real.choice).toEqual({
      ...{ preference: 'auto', way: 'gpu' },
      ways: {
        gpu: { name: 'maker chip', gflops: 1000 },
        cpu: { name: 'CPU SIMD 2 threads', gflops: 80 },
      },
    });
    expect(real.backend.kind).toBe('webgpu');
    expect(real.notes).toEqual([]);

    const software = await choose({ preference: 'auto', ways: machine('software'), measure });
    expect(software.choice.way).toBe('cpu');
    expect(software.choice.ways.gpu).toEqual({ name: 'google swiftshader', software: true });
    expect(software.notes).toEqual(['One thread only.']);

    const none = await choose({ preference: 'auto', ways: machine('none'), measure });
    expect(none.backend.kind).toBe('cpu');
    expect(none.choice.ways.gpu.problem).toContain('no graphics adapter answered');
    expect(none.notes).toEqual(['One thread only.']);
  });

  it('is the processor beside a GPU that was measured to be slower, by what the first visits measured', async () => {
    const [store, measure, ways] = [memoryStore(), speeds(50, 400), machine('real')];
    const busy = speeds(40, 10);
    const first = await choose({ preference: 'auto', store, ways, measure });
    expect(first.choice.way).toBe('cpu');
    expect(first.notes[0]).toBe('The processor is faster here than the graphics card (400 to 50 GFLOP/s).');
    expect(measure).toHaveBeenCalledTimes(2);
    // A machine that is busy now is not taken for a slow one, and after three visits it is not measured again.
    for (let visit = 1; visit < 5; visit++) {
      const again = await choose({ preference: 'auto', store, ways, measure: busy });
      expect(again.choice).toEqual(first.choice);
    }
    expect(busy.mock.calls.map(([{ kind }]) => kind)).toEqual(['webgpu', 'webgpu']);

    // Where the GPU is faster, the processor is not even opened the next time.
    const faster = { preference: 'auto', store: memoryStore(), ways: machine('real') } as const;
    await choose({ ...faster, measure: speeds(500, 400) });
    const again = await choose({ ...faster, measure: speeds(500, 400) });
    expect(again.choice.ways.cpu).toEqual({ name: 'CPU SIMD 2 threads', gflops: 400 });
    expect(faster.ways.cpu.open).toHaveBeenCalledTimes(1);
  });

  it('is the one asked for, a software adapter too, and shows what is known of the other', async () => {
    const [store, measure] = [memoryStore(), speeds(2, 80)];
    const gpu = await choose({ preference: 'gpu', store, ways: machine('software'), measure });
    expect(gpu.backend.kind).toBe('webgpu');
    expect(gpu.choice.ways).toEqual({
      gpu: { name: 'google swiftshader', software: true, gflops: 2 },
      cpu: {},
    });
    const ways = machine('software');
    const cpu = await choose({ preference: 'cpu', store, ways, measure });
    expect(cpu.backend.kind).toBe('cpu');
    expect(ways.gpu.open).not.toHaveBeenCalled();
    expect(cpu.choice.ways.gpu).toEqual({ name: 'google swiftshader', gflops: 2 });
  });

  it('is the other where the one asked for cannot be had, and a note says so', async () => {
    const noGpu = await choose({ preference: 'gpu', ways: machine('none'), measure: speeds(0, 80) });
    expect(noGpu.choice).toMatchObject({ preference: 'gpu', way: 'cpu' });
    expect(noGpu.notes[0]).toMatch(/^The graphics card is not used\. .* The processor computes instead\.$/);
    const noSimd = await choose({
      ...{ preference: 'cpu', ways: machine('software', { simd: false }), measure: speeds(2, 0) },
    });
    expect(noSimd.choice.way).toBe('gpu');
    expect(noSimd.notes[0]).toContain('no WebAssembly SIMD');
  });

  it('cannot be had without an adapter and without SIMD', async () => {
    for (const preference of ['auto', 'gpu', 'cpu'] as const)
      await expect(choose({ preference, ways: machine('none', { simd: false }) })).rejects.toThrow(
        NoWasmSimdError,
      );
  });

  it('computes right: one that does not is passed over by name', async () => {
    const check = async ({ kind }: Backend) => {
      if (kind === 'webgpu') throw new KernelError('maker chip computes wrong numbers.');
    };
    const chosen = await choose({ preference: 'auto', ways: machine('real'), measure: speeds(9, 8), check });
    expect(chosen.choice).toMatchObject({
      ...{ way: 'cpu', ways: { gpu: { problem: 'maker chip computes wrong numbers.' } } },
    });
    expect(chosen.notes[0]).toContain('maker chip computes wrong numbers.');
  });

  it('is a GPU again after one loss, asked for more than once, and the processor after two', async () => {
    const ways = machine('real');
    const { open } = ways.gpu;
    ways.gpu.open = vi
      .fn(open)
      .mockRejectedValueOnce(new NoWebGpuError('the driver starts'))
      .mockRejectedValueOnce(new Error('the device is not there yet'));
    const measure = speeds(1000, 80);
    const once = await choose({ preference: 'auto', ways, measure, lost: ['cpu', 'webgpu'] });
    expect(once.choice.way).toBe('gpu');
    expect(ways.gpu.open).toHaveBeenCalledTimes(3);
    for (const preference of ['auto', 'gpu'] as const) {
      const twice = await choose({ preference, ways, measure, lost: ['webgpu', 'webgpu'] });
      expect(twice.choice.way).toBe('cpu');
      expect(twice.choice.ways.gpu.problem).toContain('lost twice');
      expect(twice.notes[0]).toContain('lost twice');
    }
    expect(ways.gpu.open).toHaveBeenCalledTimes(3);
  });

  it('is taken without a figure when measuring fails, which is said', async () => {
    const measure = vi.fn().mockRejectedValue(new Error('no clock'));
    const chosen = await choose({ preference: 'auto', ways: machine('real'), measure });
    expect(chosen.choice.way).toBe('gpu');
    expect(chosen.notes).toContain('The speed of the graphics card could not be measured: no clock');
  });
});
