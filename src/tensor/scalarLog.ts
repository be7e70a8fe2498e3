import type { Context } from './context.ts';
import { keep } from './keep.ts';
import type { Tensor } from './tensor.ts';

/**
 * Scalars of the last training steps, kept on the GPU so that a step never waits for a read-back: `append` every step,
 * `drain` every few.
 */
export class ScalarLog {
  /** What each row holds, in order. */
  readonly names: readonly string[];
  readonly #context: Context;
  readonly #buffer: Tensor;
  readonly #capacity: number;
  #rows = 0;

  /**
   * @param names what is logged each step
   * @param capacity steps between two drains at most
   */
  constructor(context: Context, names: readonly string[], capacity: number) {
    this.#context = context;
    this.names = names;
    this.#capacity = capacity;
    this.#buffer = keep(context, () => context.empty([capacity, names.length], 'scalar log'));
  }

  /** Rows waiting to be drained. */
  get length(): number {
    return this.#rows;
  }

  /** Whether `append` needs a `drain` first. */
  get full(): boolean {
    return this.#rows === this.#capacity;
  }

  /**
   * Add one row: a scalar tensor [1] for every name, which may be released right after.
   * @throws Error when the log is full or the scalars do not match the names
   */
  append(scalars: readonly Tensor[]): void {
    if (this.full) throw new Error(`the log holds ${this.#capacity} rows; drain it before appending`);
    if (scalars.length !== this.names.length || scalars.some(({ size }) => size !== 1)) {
      throw new Error(`the log takes one scalar each for ${this.names.join(', ')}`);
    }
    scalars.forEach((scalar, i) => {
      this.#context.copy(scalar, 0, this.#buffer, this.#rows * this.names.length + i, 1);
    });
    this.#rows++;
  }

  /** Read and remove all rows, oldest first. Waits for the GPU. */
  async drain(): Promise<number[][]> {
    const rows = this.#rows;
    if (rows === 0) return [];
    this.#rows = 0;
    const columns = this.names.length;
    const values = new Float32Array(
      await this.#context.backend.read(this.#buffer.buffer, rows * columns * 4),
    );
    return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
  }

  /** Give the buffer back. */
  dispose(): void {
    this.#buffer.release();
  }
}
