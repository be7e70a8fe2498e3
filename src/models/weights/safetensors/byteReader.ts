/** Takes exact numbers of bytes from a stream of chunks of any size. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #onBytes: (position: number) => void;
  #chunk: Uint8Array = new Uint8Array(0);
  #position = 0;

  /** @param onBytes told, after every chunk that arrives, how many bytes have arrived in all */
  constructor(readable: ReadableStream<Uint8Array>, onBytes: (arrived: number) => void) {
    this.#reader = readable.getReader();
    this.#onBytes = onBytes;
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** The next `count` bytes in memory of their own, or fewer when the stream ends before. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    let filled = 0;
    while (filled < count && (this.#chunk.length > 0 || (await this.#advance()))) {
      const part = this.#chunk.subarray(0, count - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#drop(part.length);
    }
    return filled === count ? bytes : bytes.slice(0, filled);
  }

  /** Pass over the next `count` bytes; returns how many there were. */
  async skip(count: number): Promise<number> {
    let passed = 0;
    while (passed < count && (this.#chunk.length > 0 || (await this.#advance()))) {
      const part = Math.min(this.#chunk.length, count - passed);
      passed += part;
      this.#drop(part);
    }
    return passed;
  }

  /** Whether no byte is left. */
  async atEnd(): Promise<boolean> {
    while (this.#chunk.length === 0) if (!(await this.#advance())) return true;
    return false;
  }

  /** Tell the source that nothing more is wanted. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {
      // The stream has failed already; its error is on its way to the caller.
    });
  }

  #drop(count: number): void {
    this.#chunk = this.#chunk.subarray(count);
    this.#position += count;
  }

  async #advance(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    this.#chunk = value;
    this.#onBytes(this.#position + value.length);
    return true;
  }
}
