import type { KernelTime } from '../backend.ts';

/** Dispatches one query set holds: two queries each, 4096 at most. */
const CAPACITY = 2048;

/**
 * Time by kernel from timestamp queries. Every dispatch gets its own pass, so the work as a whole is slower than without;
 * the shares are what to look at. Give it to `Recorder.profiler`.
 */
export class Profiler {
  readonly #device: GPUDevice;
  readonly #queries: GPUQuerySet;
  #open: { name: string; flops: number }[] = [];
  #waiting: Promise<void>[] = [];
  readonly #times = new Map<string, KernelTime>();

  /** @param device must have the feature `timestamp-query` */
  constructor(device: GPUDevice) {
    this.#device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * CAPACITY });
  }

  /** Whether the recorder must submit before the next dispatch. */
  get full(): boolean {
    return this.#open.length === CAPACITY;
  }

  /** Where the pass of the next dispatch writes its times. */
  next(name: string, flops: number): GPUComputePassTimestampWrites {
    const index = 2 * this.#open.length;
    this.#open.push({ name, flops });
    return {
      querySet: this.#queries,
      beginningOfPassWriteIndex: index,
      endOfPassWriteIndex: index + 1,
    };
  }

  /** Take the times of what is being submitted out of the query set; returns what to do after the submission. */
  resolve(encoder: GPUCommandEncoder): () => void {
    const open = this.#open;
    this.#open = [];
    if (!open.length) return () => {};
    const size = open.length * 16;
    const resolved = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const staging = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    encoder.resolveQuerySet(this.#queries, 0, 2 * open.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size);
    return () => {
      const read = async (): Promise<void> => {
        await staging.mapAsync(GPUMapMode.READ);
        const stamps = new BigUint64Array(staging.getMappedRange());
        open.forEach(({ name, flops }, i) => {
          const time = this.#times.get(name) ?? { name, dispatches: 0, seconds: 0, flops: 0 };
          time.dispatches++;
          time.flops += flops;
          time.seconds += Number(stamps[2 * i + 1]! - stamps[2 * i]!) / 1e9;
          this.#times.set(name, time);
        });
        staging.destroy();
        resolved.destroy();
      };
      this.#waiting.push(read());
    };
  }

  /** Times so far, the longest first. Waits for what was submitted. */
  async times(): Promise<KernelTime[]> {
    await Promise.all(this.#waiting.splice(0));
    return [...this.#times.values()].sort((a, b) => b.seconds - a.seconds);
  }

  /** Free the query set. */
  dispose(): void {
    this.#queries.destroy();
  }
}
