import { COMMAND_BYTES } from '../../../kernels/command.ts';
import { OutOfMemoryError } from '../errors.ts';
import { Commands, RING_LIMIT } from './commands.ts';
import type { Block, Heap } from './heap.ts';

/** Bytes for the results of urgent work; maps of all open photos are far smaller. */
const ARENA_BYTES = 16 * 2 ** 20;
const ARENA_COMMANDS = 1024;
/** First byte behind the urgent commands. */
export const ARENA_LIMIT = RING_LIMIT + ARENA_COMMANDS * COMMAND_BYTES;

/**
 * Commands and memory of urgent work. Both are apart from the rest: a block of the heap that is free may still be read by
 * commands that wait, and urgent work overtakes these.
 */
export class Arena {
  readonly commands: Commands;
  /** Whether commands are urgent now. */
  recording = false;
  readonly #heap: Heap;
  #memory: Block | undefined;
  #used = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.commands = new Commands(heap.memory, RING_LIMIT, ARENA_COMMANDS);
  }

  /** A block that stays until the next urgent work. */
  alloc(bytes: number): Block {
    this.#memory ??= this.#heap.alloc(ARENA_BYTES, 'urgent work');
    const size = Math.ceil(bytes / 64) * 64;
    if (this.#used + size > ARENA_BYTES) {
      throw new OutOfMemoryError(
        `urgent work needs more than ${ARENA_BYTES / 2 ** 20} MB; open fewer photos`,
      );
    }
    const block = { offset: this.#memory.offset + this.#used, size };
    this.#used += size;
    return block;
  }

  /** Whether a block is one of its own. */
  owns({ offset }: Block): boolean {
    const memory = this.#memory;
    return memory !== undefined && offset >= memory.offset && offset < memory.offset + ARENA_BYTES;
  }

  /** Record and run at once. */
  run<T>(record: () => T, execute: (first: number, end: number) => void): T {
    if (this.recording) return record();
    this.recording = true;
    this.#used = 0;
    this.commands.added = 0;
    try {
      const result = record();
      const { added } = this.commands;
      if (added > 0) execute(this.commands.address(0), this.commands.address(added));
      return result;
    } finally {
      this.recording = false;
    }
  }
}
