import {
  COMMAND_ARGUMENTS,
  COMMAND_BYTES,
  COMMAND_DONE,
  COMMAND_NEXT,
  COMMAND_TASKS,
  RING,
  RING_END,
} from '../../../kernels/command.ts';
import type { Storage } from '../backend.ts';
import type { Block } from './heap.ts';

/** Commands that the ring holds. */
export const RING_COMMANDS = 16_384;
/** First byte behind the ring. */
export const RING_LIMIT = RING + RING_COMMANDS * COMMAND_BYTES;

const ARGUMENT_WORDS = (COMMAND_BYTES - COMMAND_ARGUMENTS) / 4;

/**
 * The ring of commands in shared memory, as the recording side sees it: `add` writes one, `arguments…` fill it. Positions count
 * all commands ever added.
 */
export class Commands {
  /** Commands added so far. */
  added = 0;
  /** Commands done so far. */
  done = 0;
  /** Floating-point operations of everything added, as estimated. */
  flops = 0;
  readonly #base: number;
  readonly #capacity: number;
  readonly #work: Float64Array;
  readonly #words: Int32Array;
  readonly #floats: Float32Array;
  #at = 0;
  #left = 0;

  /**
   * @param base address of its first command
   * @param capacity commands it holds
   */
  constructor(memory: WebAssembly.Memory, base = RING, capacity = RING_COMMANDS) {
    this.#base = base;
    this.#capacity = capacity;
    this.#work = new Float64Array(capacity);
    const end = base + capacity * COMMAND_BYTES;
    this.#words = new Int32Array(memory.buffer, 0, end / 4);
    this.#floats = new Float32Array(memory.buffer, 0, end / 4);
    if (base === RING) this.#words[RING_END / 4] = end;
  }

  /** Whether another command would overwrite one that is not done. */
  get full(): boolean {
    return this.added - this.done >= this.#capacity - 1;
  }

  /** Address of the command at a position. */
  address(position: number): number {
    return this.#base + (position % this.#capacity) * COMMAND_BYTES;
  }

  /** Op of the command at a position, and its estimated work. */
  describe(position: number): { op: number; flops: number } {
    const op = this.#words[this.address(position) / 4]!;
    return { op, flops: this.#work[position % this.#capacity]! };
  }

  /**
   * Begin a command; its arguments follow in the order in which the kernel reads them, four bytes each.
   * @param op family·32 + kernel
   * @param tasks parts that threads share out among them
   * @param flops estimate of its floating-point work
   */
  add(op: number, tasks: number, flops = 0): this {
    this.flops += flops;
    this.#work[this.added % this.#capacity] = flops;
    const at = this.address(this.added) / 4;
    this.#words[at] = op;
    this.#words[at + COMMAND_TASKS / 4] = tasks;
    this.#words[at + COMMAND_NEXT / 4] = 0;
    this.#words[at + COMMAND_DONE / 4] = 0;
    this.#at = at + COMMAND_ARGUMENTS / 4;
    this.#left = ARGUMENT_WORDS;
    this.added++;
    return this;
  }

  /** Addresses of blocks that the kernel reads or writes; 0 for those left out. */
  at(...blocks: readonly (Storage | undefined)[]): this {
    for (const block of blocks) if (block) (block as Block).stable = false;
    return this.reading(...blocks);
  }

  /** Addresses of blocks that the kernel only reads. */
  reading(...blocks: readonly (Storage | undefined)[]): this {
    for (const block of blocks) this.#words[this.#next()] = block ? (block as Block).offset : 0;
    return this;
  }

  /** Whole numbers (i32 or u32), and truth values as 1 and 0. */
  ints(...values: readonly (number | boolean)[]): this {
    for (const value of values) this.#words[this.#next()] = Number(value);
    return this;
  }

  /** f32 numbers. */
  floats(...values: readonly number[]): this {
    for (const value of values) this.#floats[this.#next()] = value;
    return this;
  }

  #next(): number {
    if (this.#left-- <= 0) {
      // It is in the ring already: without tasks it does nothing.
      this.#words[(this.address(this.added - 1) + COMMAND_TASKS) / 4] = 0;
      throw new Error(`a command has at most ${ARGUMENT_WORDS} arguments`);
    }
    return this.#at++;
  }
}
