import type { Backend, DeviceDescription, KernelTime, MemoryUse, Storage, Traits } from '../backend.ts';
import type { Kernels } from '../kernels.ts';
import type { AdapterDescription, GpuDevice } from './adapter.ts';
import type { AttentionVariant } from './attention/dispatch.ts';
import { BufferPool } from './bufferPool.ts';
import { type Kernel, KernelCache, type KernelSource } from './kernel.ts';
import { webGpuKernels } from './kernels/index.ts';
import type { MatmulVariant } from './matmul/plan.ts';
import { Profiler } from './profiler.ts';
import { type Grid, Recorder } from './recorder.ts';

/** Memory and kernels of a WebGPU device. A `Storage` of it is a `GPUBuffer`. */
export class WebGpuBackend implements Backend {
  readonly kind = 'webgpu';
  readonly traits: Traits;
  readonly device: DeviceDescription;
  readonly kernels: Kernels;
  readonly lost: Promise<string>;
  readonly gpu: GPUDevice;
  readonly sharedDevice: GPUDevice | undefined;
  readonly adapter: AdapterDescription;
  readonly recorder: Recorder;
  readonly pool: BufferPool;
  /**
   * Whether rows get one invocation each instead of a workgroup, which is faster on software adapters: barriers are dear
   * there. Tests set it to try both.
   */
  serial: boolean;
  /** Attention kernels to use instead of those chosen by the adapter: tests try all of them. */
  attentionVariant: AttentionVariant | undefined;
  /** Kernel of every matrix product instead of the one chosen by its shape and the adapter: tests try all of them. */
  matmulVariant: MatmulVariant | undefined;
  readonly #cache: KernelCache;

  constructor({ device, adapter }: GpuDevice) {
    this.gpu = device;
    this.adapter = adapter;
    // ONNX Runtime's own CPU kernels are a hundred times faster than its WebGPU ones on a software adapter.
    this.sharedDevice = adapter.software ? undefined : device;
    this.serial = adapter.software;
    this.recorder = new Recorder(device);
    this.pool = new BufferPool(device, (buffer) => this.recorder.destroy(buffer));
    this.#cache = new KernelCache(device);
    const { vendor, architecture, description, features, software } = adapter;
    this.device = { vendor, architecture, description, features };
    this.traits = {
      maxBytes: Math.min(adapter.maxBufferSize, adapter.maxStorageBufferBindingSize),
      onCpu: software,
    };
    this.lost = device.lost.then(({ message, reason }) => message || reason || 'unknown');
    this.kernels = webGpuKernels(this);
  }

  get counts() {
    return this.recorder.counts;
  }

  alloc(bytes: number, label: string): Storage {
    return this.pool.acquire(bytes, label);
  }

  free(storage: Storage): void {
    this.pool.release(storage as GPUBuffer);
  }

  upload(target: Storage, data: ArrayBufferView<ArrayBuffer>, targetOffset = 0): void {
    this.recorder.upload(target as GPUBuffer, data, targetOffset);
  }

  copy(source: Storage, sourceOffset: number, target: Storage, targetOffset: number, bytes: number): void {
    this.recorder.copy(source as GPUBuffer, sourceOffset, target as GPUBuffer, targetOffset, bytes);
  }

  clear(target: Storage, bytes: number): void {
    this.recorder.clear(target as GPUBuffer, bytes);
  }

  read(source: Storage, bytes: number): Promise<ArrayBuffer> {
    return this.recorder.read(source as GPUBuffer, bytes);
  }

  flush(): void {
    this.recorder.flush();
  }

  finish(): Promise<void> {
    return this.recorder.finish();
  }

  /** One queue runs everything in order: nothing can overtake, and on a GPU a step is short. */
  urgent<T>(record: () => T): T {
    return record();
  }

  memory(): MemoryUse {
    return { ...this.pool.memory };
  }

  resetPeak(): void {
    this.pool.resetPeak();
  }

  trim(): void {
    this.pool.trim();
    this.recorder.dropBindGroups();
  }

  profile(): (() => Promise<KernelTime[]>) | undefined {
    if (!this.gpu.features.has('timestamp-query')) return undefined;
    const profiler = new Profiler(this.gpu);
    this.recorder.profiler = profiler;
    return async () => {
      await this.finish();
      this.recorder.profiler = undefined;
      const times = await profiler.times();
      profiler.dispose();
      return times;
    };
  }

  destroy(): void {
    this.pool.destroy();
    this.recorder.dropBindGroups();
    this.gpu.destroy();
  }

  /** A kernel: the one that was asked for before, or a new one that begins to compile. */
  kernel(source: KernelSource): Kernel {
    return this.#cache.get(source);
  }

  /**
   * Run one of our shaders on buffers in binding order.
   * @param flops estimate of its floating-point work
   */
  run(
    source: KernelSource,
    buffers: readonly Storage[],
    params: Record<string, number>,
    grid: Grid,
    flops = 0,
  ): void {
    this.recorder.dispatch(this.kernel(source), buffers as GPUBuffer[], params, grid, flops);
  }

  /** Scratch memory for the commands that `body` records. */
  scratch(bytes: number, label: string, body: (storage: Storage) => void): void {
    const storage = this.alloc(bytes, label);
    try {
      body(storage);
    } finally {
      this.free(storage);
    }
  }
}
