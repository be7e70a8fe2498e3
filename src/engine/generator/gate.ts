/** A job ended on purpose, between two steps. */
export class StoppedError extends Error {
  override name = 'StoppedError';
}

/** Lets a job pause, go on and stop between its steps. */
export class Gate {
  #paused = false;
  #stopped = false;
  #wake: () => void = () => {};
  #waited = 0;
  readonly #onPaused: () => void;
  readonly #onResumed: () => void;

  constructor(onPaused: () => void, onResumed: () => void) {
    this.#onPaused = onPaused;
    this.#onResumed = onResumed;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Milliseconds that jobs were held here so far: not part of what their work takes. */
  get waited(): number {
    return this.#waited;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /**
   * Wait here while paused.
   * @throws StoppedError once the job was stopped
   */
  async pass(): Promise<void> {
    if (this.#paused && !this.#stopped) {
      this.#onPaused();
      const since = performance.now();
      while (this.#paused && !this.#stopped) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      this.#waited += performance.now() - since;
      if (!this.#stopped) this.#onResumed();
    }
    if (this.#stopped) throw new StoppedError('stopped');
  }
}
