import type { MemoryUse, Storage } from '../backend.ts';
import { OutOfMemoryError } from '../errors.ts';

/** A range of the memory; a `Storage` of the CPU backend is one of these. */
export interface Block extends Storage {
  readonly offset: number;
  readonly size: number;
  /**
   * Whether its numbers came by `upload` and no command since then may have written them, as with frozen weights: what is made of
   * them can be kept.
   */
  stable?: boolean;
}

const PAGE = 65_536;
/** Alignment of blocks: a cache line. */
const LINE = 64;
/** A step of growth at least, so that a run does not grow the memory for every tensor. */
const GROWTH = 16 * 2 ** 20;

/** Round up to a size class: eight steps between powers of two, so that shapes of one step find the blocks of the step before. */
function sizeClass(bytes: number): number {
  if (bytes <= 256) return Math.ceil(Math.max(bytes, 1) / LINE) * LINE;
  const step = Math.max(LINE, 2 ** (Math.floor(Math.log2(bytes - 1)) - 3));
  return Math.ceil(bytes / step) * step;
}

/**
 * Blocks of a growing WebAssembly memory. A freed block waits in the list of its size; when a size is missing, blocks are cut from
 * free ranges, then from new memory. `trim` joins what is free into ranges again.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly use: MemoryUse = { used: 0, peak: 0, reserved: 0 };
  /** Most bytes that the memory may have. */
  readonly limit: number;
  /** Called when memory runs out, to free what can be made again. */
  giveWay: () => void = () => {};
  readonly #bySize = new Map<number, Block[]>();
  /** Free ranges in order of their offset; no two touch. */
  #ranges: { offset: number; size: number }[] = [];
  #end: number;

  /** @param start first byte that the heap may hand out */
  constructor(memory: WebAssembly.Memory, start: number, limit: number) {
    this.memory = memory;
    this.limit = limit;
    this.#end = Math.ceil(start / LINE) * LINE;
  }

  /**
   * A block of at least `bytes`.
   * @throws OutOfMemoryError with the numbers
   */
  alloc(bytes: number, label: string): Block {
    const size = sizeClass(bytes);
    const block = this.#bySize.get(size)?.pop() ?? this.#cut(size) ?? this.#grow(size, label);
    this.use.used += size;
    this.use.peak = Math.max(this.use.peak, this.use.used);
    return block;
  }

  /** A block of its own for good, from new memory and not counted: no command ever touched it. To be called before all others. */
  reserve(bytes: number, label: string): Block {
    return this.#grow(sizeClass(bytes), label);
  }

  /** Give a block back. */
  free(block: Block): void {
    this.use.used -= block.size;
    block.stable = false;
    const list = this.#bySize.get(block.size);
    if (list) list.push(block);
    else this.#bySize.set(block.size, [block]);
  }

  /** Join all free blocks into ranges, from which other sizes can be cut. The memory itself never shrinks. */
  trim(): void {
    const free = [...this.#ranges, ...[...this.#bySize.values()].flat()];
    this.#bySize.clear();
    free.sort((a, b) => a.offset - b.offset);
    this.#ranges = [];
    for (const { offset, size } of free) {
      const last = this.#ranges.at(-1);
      if (last && last.offset + last.size === offset) last.size += size;
      else this.#ranges.push({ offset, size });
    }
    const last = this.#ranges.at(-1);
    if (last && last.offset + last.size === this.#end) {
      this.#end = last.offset;
      this.#ranges.pop();
    }
  }

  /** The smallest range that holds `size`, cut. */
  #cut(size: number): Block | undefined {
    let best = -1;
    this.#ranges.forEach((range, i) => {
      if (range.size >= size && (best < 0 || range.size < this.#ranges[best]!.size)) best = i;
    });
    if (best < 0) return undefined;
    const range = this.#ranges[best]!;
    const block: Block = { offset: range.offset, size };
    range.offset += size;
    range.size -= size;
    if (range.size === 0) this.#ranges.splice(best, 1);
    return block;
  }

  /** From new memory. A line stays behind the last block: kernels read a little further than numbers go. */
  #grow(size: number, label: string): Block {
    if (!this.#reserve(this.#end + size + LINE)) {
      this.giveWay();
      this.trim();
      const block = this.#cut(size);
      if (block) return block;
      if (!this.#reserve(this.#end + size + LINE)) throw this.#tooLarge(size, label);
    }
    const block: Block = { offset: this.#end, size };
    this.#end += size;
    this.use.reserved = this.#end;
    return block;
  }

  /** Make the memory at least `bytes` long; false when that is too much or the system refuses. */
  #reserve(bytes: number): boolean {
    if (bytes > this.limit) return false;
    const have = this.memory.buffer.byteLength;
    if (bytes <= have) return true;
    const generous = Math.min(this.limit, Math.max(bytes, have + GROWTH));
    for (const wanted of [generous, bytes]) {
      try {
        this.memory.grow(Math.ceil((wanted - have) / PAGE));
        return true;
      } catch {
        // Refused: try what is needed and no more.
      }
    }
    return false;
  }

  #tooLarge(size: number, label: string): OutOfMemoryError {
    return new OutOfMemoryError(
      `${label} needs ${megabytes(size)}; ${megabytes(this.use.used)} of the ${megabytes(this.limit)} that the processor backend may use are taken. Use a smaller batch, a smaller image or a smaller model.`,
    );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 * 10 ? 1 : 0)} MB`;
}
