import type { MemoryUse } from '../backend.ts';
import { OutOfMemoryError } from '../errors.ts';

/** Smallest size class in bytes; a binding must not be empty and copies want multiples of four. */
const SMALLEST = 256;

/**
 * Round up to a size class: four steps between powers of two, so that at most a fifth is wasted and the shapes of
 * one training step find the buffers of the step before.
 */
export function sizeClass(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
  return Math.ceil(bytes / step) * step;
}

/**
 * Storage buffers kept for reuse. Reuse is safe while commands are pending because one queue runs them in order.
 */
export class BufferPool {
  readonly memory: MemoryUse = { used: 0, peak: 0, reserved: 0 };
  readonly #device: GPUDevice;
  /** By size, the buffer made first last: a step that asks for the same sizes gets the same buffers, and finds its bind groups. */
  readonly #free = new Map<number, GPUBuffer[]>();
  /** All buffers with the order they were made in. */
  readonly #all = new Map<GPUBuffer, number>();
  #made = 0;

  readonly #destroy: (buffer: GPUBuffer) => void;

  /** @param destroy how to destroy a buffer that commands not yet submitted may use */
  constructor(device: GPUDevice, destroy = (buffer: GPUBuffer): void => buffer.destroy()) {
    this.#device = device;
    this.#destroy = destroy;
  }

  /**
   * A storage buffer of at least `bytes`.
   * @throws OutOfMemoryError when the adapter cannot bind that much at once.
   */
  acquire(bytes: number, label: string): GPUBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > limit) {
      throw new OutOfMemoryError(
        `${label} needs ${megabytes(bytes)}, but this adapter binds at most ${megabytes(limit)} at once. Use a smaller batch, a smaller image or a smaller model.`,
      );
    }
    const size = Math.min(sizeClass(bytes), Math.floor(limit / 4) * 4);
    const buffer = this.#free.get(size)?.pop() ?? this.#create(size);
    this.memory.used += size;
    this.memory.peak = Math.max(this.memory.peak, this.memory.used);
    return buffer;
  }

  /** Give a buffer back. Its contents may be overwritten by the next command recorded. */
  release(buffer: GPUBuffer): void {
    this.memory.used -= buffer.size;
    const list = this.#free.get(buffer.size);
    if (!list) {
      this.#free.set(buffer.size, [buffer]);
      return;
    }
    const order = this.#all.get(buffer)!;
    let at = list.length;
    while (at > 0 && this.#all.get(list[at - 1]!)! < order) at--;
    list.splice(at, 0, buffer);
  }

  /** Destroy all buffers that nobody holds. */
  trim(): void {
    for (const list of this.#free.values()) {
      for (const buffer of list) {
        this.memory.reserved -= buffer.size;
        this.#all.delete(buffer);
        this.#destroy(buffer);
      }
    }
    this.#free.clear();
  }

  /** Start counting the peak anew (a stage begins). */
  resetPeak(): void {
    this.memory.peak = this.memory.used;
  }

  /** Destroy everything; the device is going away. */
  destroy(): void {
    for (const buffer of this.#all.keys()) buffer.destroy();
    this.#all.clear();
    this.#free.clear();
  }

  #create(size: number): GPUBuffer {
    const buffer = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    this.#all.set(buffer, this.#made++);
    this.memory.reserved += size;
    return buffer;
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 * 10 ? 1 : 0)} MB`;
}
