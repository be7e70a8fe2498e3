import type { Operand, Storage } from '../backend/backend.ts';

/** Product of dimensions: the number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Backend memory with the count of tensors that share them (a reshape shares). */
export interface TensorStorage {
  buffer: Storage;
  references: number;
  /** Whether each number is an IEEE half, two to a word. */
  half?: boolean;
}

/**
 * A dense f32 array in a backend's memory, row-major; frozen weights may be f16, which only matrix products read. A plain
 * handle: ops live in `ops/`, one per file, forward and backward together.
 *
 * Ownership: a tensor starts with one reference, held by the innermost `context.scope` it was made in (or by the caller
 * outside any scope). `retain`/`release` count; at zero its buffer goes back to the pool.
 */
export class Tensor {
  readonly shape: readonly number[];
  readonly size: number;
  /** Whether a gradient must reach this tensor: trainable weights and everything computed from them. */
  requiresGrad = false;
  /** Gradient, during and after a backward pass; for trainable weights it accumulates until `zeroGrad`. */
  grad: Tensor | undefined;
  readonly storage: TensorStorage;
  readonly #free: (storage: TensorStorage) => void;

  constructor(shape: readonly number[], storage: TensorStorage, free: (storage: TensorStorage) => void) {
    this.shape = shape;
    this.size = sizeOf(shape);
    this.storage = storage;
    this.#free = free;
  }

  /**
   * Its memory, for kernels that read f32. Throws when the tensor was released, which would otherwise read another tensor's
   * numbers, and when it is f16, whose bits would be other numbers without any error.
   */
  get buffer(): Storage {
    if (this.half) throw new Error(`this kernel cannot read f16 [${this.shape}]`);
    return this.operand.storage;
  }

  /** Its memory, for kernels that take f32 or f16. Throws when the tensor was released. */
  get operand(): Operand {
    if (this.storage.references <= 0) throw new Error(`tensor [${this.shape}] was released before this use`);
    return { storage: this.storage.buffer, half: this.half };
  }

  /** Whether its numbers are f16. */
  get half(): boolean {
    return this.storage.half ?? false;
  }

  /** Last dimension. */
  get columns(): number {
    return this.shape[this.shape.length - 1] ?? 1;
  }

  /** Product of all dimensions but the last. */
  get rows(): number {
    return this.size / this.columns;
  }

  /** Hold the tensor past the scope it was made in. */
  retain(): this {
    if (this.storage.references <= 0)
      throw new Error(`tensor [${this.shape}] was released before it was retained`);
    this.storage.references++;
    return this;
  }

  /** Let go of one reference. */
  release(): void {
    if (--this.storage.references === 0) this.#free(this.storage);
    else if (this.storage.references < 0) throw new Error(`tensor [${this.shape}] was released twice`);
  }

  /** The same numbers under another shape, as a second handle on the same storage (one more reference). */
  alias(shape: readonly number[]): Tensor {
    if (sizeOf(shape) !== this.size) throw new Error(`cannot view [${this.shape}] as [${shape}]`);
    this.retain();
    return new Tensor(shape, this.storage, this.#free);
  }
}
