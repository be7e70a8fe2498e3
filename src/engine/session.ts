import { createStore, get, set } from 'idb-keyval';
import { DeviceLostError } from '../backend/errors.ts';
import { requestGpuDevice } from '../backend/webgpu/adapter.ts';
import { WebGpuBackend } from '../backend/webgpu/backend.ts';
import { tuneMatmul } from '../backend/webgpu/matmul/tuning.ts';
import { Context } from '../tensor/context.ts';
import { selfCheck } from './selfCheck.ts';

/**
 * The GPU device for as long as it lives, and another when it was lost. Everything that holds tensors registers a
 * `rebuild`, which runs in order on the new device.
 */
export class Session {
  #context: Context | undefined;
  #recovery: Promise<void> | undefined;
  readonly #rebuilders: ((context: Context) => Promise<void>)[] = [];
  onLost: (reason: string) => void = () => {};
  onRecovered: () => void = () => {};
  onUnrecoverable: (error: Error) => void = () => {};

  /** The context; throws while there is no device. */
  get context(): Context {
    if (!this.#context) throw new DeviceLostError('The graphics device is gone and has not come back yet.');
    return this.#context;
  }

  /** Whether a device is there. */
  get alive(): boolean {
    return this.#context !== undefined;
  }

  /** Ask for a device, check the kernels on it, choose tile shapes. */
  async start(): Promise<void> {
    const gpu = await requestGpuDevice();
    const backend = new WebGpuBackend(gpu);
    const context = new Context(backend);
    await selfCheck(context);
    await tuneMatmul(backend, { store: tuneStore() });
    this.#context = context;
    void gpu.device.lost.then((info) => {
      if (this.#context !== context) return;
      this.#context = undefined;
      this.onLost(info.message || info.reason || 'unknown');
      this.#recovery = this.#recover();
    });
  }

  /** Do this with every new device, after the ones registered before. */
  onRebuild(rebuild: (context: Context) => Promise<void>): void {
    this.#rebuilders.push(rebuild);
  }

  /**
   * Run GPU work; when the device is lost under it, wait for the new one and run it once more.
   * @throws DeviceLostError when no device came back
   */
  async guard<T>(work: (context: Context) => Promise<T>): Promise<T> {
    await this.#recovery;
    const context = this.context;
    try {
      const result = await work(context);
      if (this.#context === context) return result;
    } catch (error) {
      // The loss is reported a little after the first failing call.
      if (this.#context === context) await new Promise((resolve) => setTimeout(resolve, 50));
      if (this.#context === context) throw error;
    }
    await this.#recovery;
    return work(this.context);
  }

  /** Wait until a lost device was replaced. */
  async recovered(): Promise<void> {
    await this.#recovery;
  }

  /** Lose the device on purpose. */
  lose(): void {
    this.context.gpu.device.destroy();
  }

  async #recover(): Promise<void> {
    try {
      // A driver that was just reset may refuse the first time.
      for (let attempt = 0; ; attempt++) {
        try {
          await this.start();
          break;
        } catch (error) {
          if (attempt === 3) throw error;
          await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
        }
      }
      for (const rebuild of this.#rebuilders) await rebuild(this.context);
      this.onRecovered();
    } catch (error) {
      this.#context = undefined;
      this.onUnrecoverable(error as Error);
      throw new DeviceLostError(
        `The graphics device was lost and could not be had again (${(error as Error).message}). Reload the page; what was saved is kept.`,
      );
    }
  }
}

/** Measurements of tile shapes are kept in a database of their own, so that the next visit starts at once. */
function tuneStore() {
  const store = createStore('familiar-tuning', 'times');
  return {
    get: (key: string) => get<string>(key, store).catch(() => undefined),
    set: (key: string, value: string) => set(key, value, store).catch(() => undefined),
  };
}
