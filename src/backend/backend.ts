import type { Kernels } from './kernels.ts';

/**
 * A block of a backend's memory. Opaque: only the backend that made it knows what is behind it (a `GPUBuffer`, a range of a
 * WebAssembly memory).
 */
export interface Storage {
  /** Bytes that can be addressed; at least what was asked for. */
  readonly size: number;
}

/** Numbers that a kernel reads: f32, or IEEE halves where the kernel says that it takes them. */
export interface Operand {
  storage: Storage;
  /** Whether each number is an IEEE half, two to a word. */
  half: boolean;
}

/** Bytes of a backend's memory: what tensors hold now, the most they held, and what the pool keeps for reuse. */
export interface MemoryUse {
  used: number;
  peak: number;
  reserved: number;
}

/** What the rest of the program may know of a backend: how much fits, and what to call it. No name of an API is among it. */
export interface Traits {
  /** Bytes of the largest single tensor. */
  maxBytes: number;
  /** Bytes of all tensors together, where the backend knows a limit. */
  totalBytes?: number;
  /** Threads that compute, where the backend knows. */
  threads?: number;
  /** Whether the work runs on the processor's cores: batches then stay small, and long work is announced. */
  onCpu: boolean;
}

/** Work recorded so far, for benches and tests: kernels started, submissions, floating-point operations as estimated. */
export interface WorkCounts {
  dispatches: number;
  submissions: number;
  flops: number;
}

/** Name of the machine part that computes, as shown to the user and stored with measurements. */
export interface DeviceDescription {
  vendor: string;
  architecture: string;
  description: string;
  /** Optional features that the backend makes use of. */
  features: string[];
}

/** Time that one kind of kernel took. */
export interface KernelTime {
  name: string;
  dispatches: number;
  seconds: number;
  /** What its dispatches said of their work. */
  flops: number;
}

/**
 * Memory and kernels of one device. Everything is recorded in order and runs later; results are seen only through `read`
 * and `finish`. A freed block may be handed out again at once, because commands run in the order they were recorded.
 */
export interface Backend {
  readonly kind: 'webgpu' | 'cpu';
  readonly traits: Traits;
  readonly device: DeviceDescription;
  readonly kernels: Kernels;
  readonly counts: WorkCounts;
  /** The device that networks of ONNX Runtime may share; left out where its own CPU kernels are faster or there is none. */
  readonly sharedDevice?: GPUDevice | undefined;

  /**
   * A block of at least `bytes` with unspecified contents.
   * @param label said in the error message
   * @throws OutOfMemoryError when it does not fit, with the numbers
   */
  alloc(bytes: number, label: string): Storage;
  /** Give a block back. Commands recorded before may still use it. */
  free(storage: Storage): void;
  /** Write from JavaScript, in order with what was recorded. The caller may change `data` afterwards. Offset in bytes. */
  upload(target: Storage, data: ArrayBufferView<ArrayBuffer>, targetOffset?: number): void;
  /** Copy between blocks; offsets and size in bytes, multiples of four. */
  copy(source: Storage, sourceOffset: number, target: Storage, targetOffset: number, bytes: number): void;
  /** Zero the first `bytes` of a block. */
  clear(target: Storage, bytes: number): void;
  /** The first `bytes` of a block as they are after all that was recorded so far. */
  read(source: Storage, bytes: number): Promise<ArrayBuffer>;
  /** Start what was recorded. */
  flush(): void;
  /** Resolves when everything that was recorded is done. Rejects with what kept a command from running. */
  finish(): Promise<void>;
  /**
   * Run small work ahead of what waits, so that a hover answers while a training step runs. `record` may only use tensors that
   * are computed already; what it makes must be read before the next urgent work.
   */
  urgent<T>(record: () => T): T;
  /** Bytes in use now. */
  memory(): MemoryUse;
  /** Count the peak anew (a stage begins). */
  resetPeak(): void;
  /** Return blocks that nobody holds. */
  trim(): void;
  /**
   * Measure each kind of kernel from now on; the work as a whole gets slower.
   * @returns a function that stops measuring and gives the times so far, the longest first; undefined where the device cannot measure
   */
  profile(): (() => Promise<KernelTime[]>) | undefined;
  /** Free everything. The backend cannot be used afterwards. */
  destroy(): void;
  /** Resolves with the reason when the device is gone. Never rejects. */
  readonly lost: Promise<string>;
}
