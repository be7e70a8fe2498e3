import { MEMORY_FAMILY } from '../../../kernels/command.ts';
import type {
  Backend,
  DeviceDescription,
  KernelTime,
  MemoryUse,
  Storage,
  Traits,
  WorkCounts,
} from '../backend.ts';
import { DeviceLostError } from '../errors.ts';
import type { Kernels } from '../kernels.ts';
import { Arena } from './arena.ts';
import { Commands } from './commands.ts';
import type { Block, Heap } from './heap.ts';
import { cpuKernels, kernelName } from './kernels/index.ts';
import type { KernelExports } from './module.ts';
import { PackCache } from './packCache.ts';
import type { Threads } from './threads.ts';
import { yieldNow } from './yieldNow.ts';

const COPY = MEMORY_FAMILY * 32;
const CLEAR = COPY + 1;
/** Bytes that one task of a copy moves; as in `kernels/memory.ts`. */
const TASK_BYTES = 2 ** 18;

/** Milliseconds of work between two looks at messages: pause, stop and hover wait no longer than this and a task. */
const SLICE_MS = 30;

/** What a backend is made of; see `createCpuBackend`. */
export interface CpuParts {
  exports: KernelExports;
  heap: Heap;
  /** Undefined where one thread does all. */
  threads: Threads | undefined;
  relaxed: boolean;
}

/**
 * Memory and kernels on the processor. Commands are recorded into a ring in the shared memory and run in slices between which the
 * worker answers its messages.
 */
export class CpuBackend implements Backend {
  readonly kind = 'cpu';
  readonly traits: Traits;
  readonly device: DeviceDescription;
  readonly kernels: Kernels;
  readonly lost: Promise<string>;
  readonly heap: Heap;
  /** Weights as products read them. */
  readonly packs: PackCache;
  readonly #exports: KernelExports;
  readonly #threads: Threads | undefined;
  readonly #ring: Commands;
  readonly #arena: Arena;
  /** Uploads that wait for the commands before a position, in its order. They wait outside: a free block may still be read. */
  #uploads: { position: number; at: number; bytes: Uint8Array }[] = [];
  #waiting: { position: number; resolve: () => void; reject: (error: Error) => void }[] = [];
  #draining = false;
  #gone: string | undefined;
  #lose: (reason: string) => void = () => {};
  #times: Map<string, KernelTime> | undefined;
  #submissions = 0;

  constructor({ exports, heap, threads, relaxed }: CpuParts) {
    this.heap = heap;
    this.#exports = exports;
    this.#threads = threads;
    this.#ring = new Commands(heap.memory);
    this.#arena = new Arena(heap, (first, end) => this.#runUrgently(first, end));
    this.packs = new PackCache(heap);
    heap.giveWay = () => this.packs.clear();
    const count = 1 + (threads?.count ?? 0);
    this.traits = { maxBytes: heap.limit, totalBytes: heap.limit, threads: count, onCpu: true };
    this.device = {
      vendor: 'CPU',
      architecture: relaxed ? 'WebAssembly relaxed SIMD' : 'WebAssembly SIMD',
      description: count === 1 ? '1 thread' : `${count} threads`,
      features: ['simd', ...(relaxed ? ['relaxed-simd'] : []), ...(threads ? ['threads'] : [])],
    };
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    void threads?.failed.then((reason) => this.#fail(`a thread ended: ${reason}`));
    this.kernels = cpuKernels(this);
  }

  /** Threads that compute, this one included. */
  get threads(): number {
    return this.traits.threads!;
  }

  /** Whether what is recorded now overtakes what waits. */
  get overtaking(): boolean {
    return this.#arena.recording;
  }

  /** Where kernels write their commands now. */
  get commands(): Commands {
    if (this.#gone) throw this.#goneError();
    if (this.#arena.recording) return this.#arena.commands;
    if (this.#ring.full) this.#makeRoom();
    this.#schedule();
    return this.#ring;
  }

  get counts(): WorkCounts {
    const { added, flops } = this.#ring;
    return { dispatches: added, submissions: this.#submissions, flops };
  }

  alloc(bytes: number, label: string): Storage {
    return this.#arena.recording ? this.#arena.alloc(bytes) : this.heap.alloc(bytes, label);
  }

  free(storage: Storage): void {
    const block = storage as Block;
    if (this.#arena.owns(block)) return;
    this.packs.forget(block);
    this.heap.free(block);
  }

  upload(target: Storage, data: ArrayBufferView<ArrayBuffer>, targetOffset = 0): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const block = target as Block;
    this.packs.forget(block);
    this.#write(block, bytes, targetOffset);
    block.stable = true;
  }

  #write(target: Block, bytes: Uint8Array, targetOffset: number): void {
    if (this.#gone) return;
    const { offset } = target;
    // What a pending command reads may not be written yet.
    if (this.#idle || this.#arena.owns(target)) {
      this.#bytes(offset + targetOffset, bytes.length).set(bytes);
      return;
    }
    this.#uploads.push({ position: this.#ring.added, at: offset + targetOffset, bytes: bytes.slice() });
  }

  copy(source: Storage, sourceOffset: number, target: Storage, targetOffset: number, bytes: number): void {
    (target as Block).stable = false;
    this.commands
      .add(COPY, Math.ceil(bytes / TASK_BYTES))
      .ints((target as Block).offset + targetOffset, bytes, (source as Block).offset + sourceOffset);
  }

  clear(target: Storage, bytes: number): void {
    this.commands
      .add(CLEAR, Math.ceil(bytes / TASK_BYTES))
      .at(target)
      .ints(bytes);
  }

  async read(source: Storage, bytes: number): Promise<ArrayBuffer> {
    if (this.#gone) throw this.#goneError();
    // Nothing urgent is computed before all of it is recorded.
    if (this.#arena.recording)
      throw new Error('urgent work is read when it is done, not while it is recorded');
    const { offset } = source as Block;
    if (this.#idle || this.#arena.owns(source as Block)) return this.#bytes(offset, bytes).slice().buffer;
    // Commands recorded later may overwrite the block before the ones recorded so far are done.
    const block = this.heap.alloc(bytes, 'read');
    this.copy(source, 0, block, 0, bytes);
    try {
      await this.#reach(this.#ring.added);
      const result = new Uint8Array(bytes);
      result.set(this.#bytes(block.offset, bytes));
      return result.buffer;
    } finally {
      this.heap.free(block);
    }
  }

  flush(): void {
    this.#schedule();
  }

  finish(): Promise<void> {
    return this.#reach(this.#ring.added);
  }

  urgent<T>(record: () => T): T {
    return this.#arena.run(record);
  }

  #runUrgently(first: number, end: number): void {
    try {
      this.#execute(first, end, Number.POSITIVE_INFINITY);
    } catch (error) {
      this.#fail((error as Error).message);
      throw this.#goneError();
    }
  }

  memory(): MemoryUse {
    const { used, peak, reserved } = this.heap.use;
    // What is kept to save time gives way when memory runs out.
    return { used: used - this.packs.bytes, peak: Math.max(0, peak - this.packs.bytes), reserved };
  }

  resetPeak(): void {
    this.heap.use.peak = this.heap.use.used;
  }

  trim(): void {
    this.packs.clear();
    this.heap.trim();
  }

  profile(): () => Promise<KernelTime[]> {
    const times = new Map<string, KernelTime>();
    this.#times = times;
    return async () => {
      await this.finish();
      this.#times = undefined;
      return [...times.values()].sort((a, b) => b.seconds - a.seconds);
    };
  }

  destroy(): void {
    this.#fail('destroyed');
  }

  get #idle(): boolean {
    return this.#ring.added === this.#ring.done;
  }

  #bytes(offset: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.heap.memory.buffer as ArrayBuffer, offset, length);
  }

  #reach(position: number): Promise<void> {
    if (this.#gone) return Promise.reject(this.#goneError());
    if (this.#ring.done >= position) return Promise.resolve();
    this.#schedule();
    return new Promise((resolve, reject) => this.#waiting.push({ position, resolve, reject }));
  }

  #schedule(): void {
    if (this.#draining || this.#gone) return;
    this.#draining = true;
    void this.#drain();
  }

  async #drain(): Promise<void> {
    await yieldNow();
    while (!this.#gone && !this.#idle) {
      this.#slice(this.#ring.added, SLICE_MS);
      if (!this.#idle) await yieldNow();
    }
    this.#draining = false;
  }

  /** Run up to a position, for about so many milliseconds; tell whoever waits for what is done then. */
  #slice(position: number, milliseconds: number): void {
    this.#submissions++;
    try {
      if (this.#times) this.#measureSlice(position, milliseconds, this.#times);
      else this.#run(position, performance.now() + milliseconds);
    } catch (error) {
      this.#fail((error as Error).message);
      return;
    }
    const { done } = this.#ring;
    const reached = this.#waiting.filter(({ position }) => position <= done);
    if (!reached.length) return;
    this.#waiting = this.#waiting.filter(({ position }) => position > done);
    for (const { resolve } of reached) resolve();
  }

  #run(position: number, deadline: number): void {
    const ring = this.#ring;
    while (ring.done < position) {
      const target = Math.min(position, this.#uploads[0]?.position ?? position);
      const end = ring.address(target);
      const first = ring.address(ring.done);
      const reached = this.#execute(first, end, deadline);
      if (reached === end) ring.done = target;
      else while (ring.address(ring.done) !== reached) ring.done++;
      if (ring.done < target) return;
      while (this.#uploads[0]?.position === target) {
        const { at, bytes } = this.#uploads.shift()!;
        this.#bytes(at, bytes.length).set(bytes);
      }
      if (performance.now() >= deadline) return;
    }
  }

  /** Run the commands from one address up to another; returns the first that is not done. */
  #execute(first: number, end: number, deadline: number): number {
    const reached = this.#exports.run(first, end, deadline, this.#threads?.count ?? 0);
    if (reached === 0) throw new Error('a thread does not answer any more');
    return reached;
  }

  #measureSlice(position: number, milliseconds: number, times: Map<string, KernelTime>): void {
    const start = performance.now();
    while (this.#ring.done < position && performance.now() < start + milliseconds) {
      const { op, flops } = this.#ring.describe(this.#ring.done);
      const begin = performance.now();
      this.#run(this.#ring.done + 1, Number.POSITIVE_INFINITY);
      const name = kernelName(op);
      const time = times.get(name) ?? { name, dispatches: 0, seconds: 0, flops: 0 };
      time.dispatches++;
      time.flops += flops;
      time.seconds += (performance.now() - begin) / 1000;
      times.set(name, time);
    }
  }

  /** The ring is full: do the older half at once. */
  #makeRoom(): void {
    const half = this.#ring.done + Math.floor((this.#ring.added - this.#ring.done) / 2);
    this.#slice(half, Number.POSITIVE_INFINITY);
  }

  #fail(reason: string): void {
    if (this.#gone) return;
    this.#gone = reason;
    this.#threads?.stop();
    this.#uploads = [];
    for (const { reject } of this.#waiting.splice(0)) reject(this.#goneError());
    this.#lose(reason);
  }

  #goneError(): DeviceLostError {
    return new DeviceLostError(`The processor backend is gone (${this.#gone}).`);
  }
}
