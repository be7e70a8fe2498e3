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
  /** Whether commands are urgent now. */
  recording = false;
  readonly #memory: Block;
  readonly #execute: (first: number, end: number) => void;
  readonly #ring: Commands;
  #used = 0;

  /**
   * @param heap nothing was taken from yet
   * @param execute runs the commands from one address up to another at once
   */
  constructor(heap: Heap, execute: (first: number, end: number) => void) {
    this.#memory = heap.reserve(ARENA_BYTES, 'urgent work');
    this.#execute = execute;
    this.#ring = new Commands(heap.memory, RING_LIMIT, ARENA_COMMANDS);
  }

  /** Where urgent commands are written; when there is no room left, those so far are run. */
  get commands(): Commands {
    if (this.#ring.full) this.#runCommands();
    return this.#ring;
  }

  /** A block that stays until the next urgent work. */
  alloc(bytes: number): Block {
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
    return offset >= memory.offset && offset < memory.offset + ARENA_BYTES;
  }

  /** Record and run at once. */
  run<T>(record: () => T): T {
    if (this.recording) return record();
    this.recording = true;
    this.#used = 0;
    this.#ring.added = 0;
    try {
      const result = record();
      this.#runCommands();
      return result;
    } finally {
      this.recording = false;
    }
  }

  #runCommands(): void {
    const { added } = this.#ring;
    this.#ring.added = 0;
    if (added > 0) this.#execute(this.#ring.address(0), this.#ring.address(added));
  }
}
