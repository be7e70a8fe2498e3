import type { Block, Heap } from './heap.ts';

/** Share of all memory that packed weights may take. */
const SHARE = 0.25;

/**
 * Frozen weights as products read them, kept from one step to the next: packing a network's weights takes a quarter of the time of
 * its product with one image. Kept from the second use on, as long as the weights stay what they are; dropped when
 * memory runs out.
 */
export class PackCache {
  /** Bytes of everything kept. */
  bytes = 0;
  readonly #heap: Heap;
  /** By block, then by layout; `undefined` marks the first use. */
  readonly #kept = new Map<Block, Map<string, Block | undefined>>();

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /**
   * The packed form of a block in a layout: kept from before, or to be filled now and then kept, or `undefined` where keeping it is
   * not worth it (yet).
   */
  find(block: Block, layout: string, bytes: number): { packed: Block; filled: boolean } | undefined {
    if (!block.stable) {
      this.forget(block);
      return undefined;
    }
    let layouts = this.#kept.get(block);
    if (!layouts) {
      layouts = new Map();
      this.#kept.set(block, layouts);
    }
    const kept = layouts.get(layout);
    if (kept) return { packed: kept, filled: true };
    if (!layouts.has(layout)) {
      layouts.set(layout, undefined);
      return undefined;
    }
    if (this.bytes + bytes > SHARE * this.#heap.limit) return undefined;
    const packed = this.#heap.alloc(bytes, 'packed weights');
    this.bytes += packed.size;
    layouts.set(layout, packed);
    // Everything kept may have given way to it.
    this.#kept.set(block, layouts);
    return { packed, filled: false };
  }

  /** Drop what is made of a block: it was freed or written. */
  forget(block: Block): void {
    const layouts = this.#kept.get(block);
    if (!layouts) return;
    this.#kept.delete(block);
    for (const packed of layouts.values()) this.#free(packed);
    layouts.clear();
  }

  /** Drop everything. */
  clear(): void {
    for (const block of [...this.#kept.keys()]) this.forget(block);
  }

  #free(packed: Block | undefined): void {
    if (!packed) return;
    this.bytes -= packed.size;
    this.#heap.free(packed);
  }
}
