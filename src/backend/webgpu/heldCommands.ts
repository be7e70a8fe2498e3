import type { Kernel } from './kernel.ts';

/** A command that could not run yet, and the kernel it waits for, if it is not only behind others that wait. */
interface HeldCommand {
  run: () => void;
  kernel: Kernel | undefined;
}

/**
 * Commands kept back, in order, while the kernel of the first of them compiles. Compiling goes on beside the page and for
 * several kernels at once, where a pipeline made in place would stop the whole GPU process: on a software adapter the page
 * stood still for nine seconds.
 */
export class HeldCommands {
  #commands: HeldCommand[] = [];
  #draining: Promise<void> | undefined;
  #failure: { error: unknown } | undefined;

  /** Whether nothing waits: commands may run at once. */
  get empty(): boolean {
    return this.#commands.length === 0;
  }

  /** Run a command after those that wait, and when its kernel is compiled. */
  hold(run: () => void, kernel?: Kernel): void {
    this.#commands.push({ run, kernel });
    this.#draining ??= this.#drain();
  }

  /**
   * Resolves when nothing waits any more.
   * @throws what kept a kernel from compiling, once; the commands behind it are dropped
   */
  async drained(): Promise<void> {
    while (this.#draining) await this.#draining;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  async #drain(): Promise<void> {
    // Never before `hold` returns: it keeps this promise.
    await undefined;
    try {
      // The queue counts as not empty until its last command has run: what that records comes after it.
      for (let next = 0; next < this.#commands.length; next++) {
        const { run, kernel } = this.#commands[next]!;
        if (kernel && !kernel.pipeline) await kernel.compiled;
        run();
      }
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      this.#commands = [];
      this.#draining = undefined;
    }
  }
}
