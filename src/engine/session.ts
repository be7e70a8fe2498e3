import { createStore, get, set } from 'idb-keyval';
import type { Backend } from '../backend/backend.ts';
import { type ChosenBackend, chooseBackend, type Preference } from '../backend/choose/choose.ts';
import { DeviceLostError } from '../backend/errors.ts';
import { Context } from '../tensor/context.ts';
import { selfCheck } from './selfCheck.ts';

/** Milliseconds after which a loss is reported that made a call fail. */
const REPORT_MS = 50;

/**
 * The backend for as long as it lives, and another when it was lost or the user wants another. Everything that holds tensors
 * registers a `rebuild`, which runs in order on the new one.
 */
export class Session {
  readonly #chooseBackend: typeof chooseBackend;
  #context: Context | undefined;
  #chosen: ChosenBackend | undefined;
  #preference: Preference = 'auto';
  /** Kinds of the devices that were lost since the user chose. */
  #lost: Backend['kind'][] = [];
  #recovery: Promise<void> | undefined;
  #interruption = '';
  /** Settles when no choice of the user is being carried out. */
  #turn: Promise<void> = Promise.resolve();
  readonly #rebuilders: ((context: Context) => Promise<void>)[] = [];
  onLost: (reason: string) => void = () => {};
  onRecovered: () => void = () => {};
  onUnrecoverable: (error: Error) => void = () => {};

  constructor(choose = chooseBackend) {
    this.#chooseBackend = choose;
  }

  /** The context; throws while there is no device. */
  get context(): Context {
    if (!this.#context) throw new DeviceLostError('The device is gone and has not come back yet.');
    return this.#context;
  }

  /** Whether a device is there. */
  get alive(): boolean {
    return this.#context !== undefined;
  }

  /** What computes, what else could, and the weaker choices that were taken; throws before the start. */
  get chosen(): ChosenBackend {
    if (!this.#chosen) throw new Error('The engine is not started.');
    return this.#chosen;
  }

  /** Why the device before was left, in words: such as `The device was lost`. */
  get interruption(): string {
    return this.#interruption;
  }

  /** Choose a backend and check its kernels. */
  async start(preference: Preference = 'auto'): Promise<void> {
    this.#preference = preference;
    this.#adopt(await this.#choose());
  }

  /**
   * Compute by another choice from now on. Where that is another device, everything is made anew on it, and runs go on from
   * their last checkpoint.
   * @throws NoBackendError, OutOfMemoryError when there is none; the one before then stays
   */
  use(preference: Preference): Promise<void> {
    // One after the other, so that the last choice counts, however long each takes.
    const turn = this.#turn.then(() => this.#change(preference));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #change(preference: Preference): Promise<void> {
    await this.#settled();
    const before = { preference: this.#preference, lost: this.#lost };
    [this.#preference, this.#lost] = [preference, []];
    let chosen: ChosenBackend;
    try {
      chosen = await this.#choose();
    } catch (error) {
      [this.#preference, this.#lost] = [before.preference, before.lost];
      throw error;
    }
    await this.#settled();
    const old = this.#context;
    if (old && chosen.choice.way === this.chosen.choice.way) {
      chosen.backend.destroy();
      this.#chosen = { ...chosen, backend: old.backend };
      return;
    }
    this.#interruption = 'Another device computes now';
    const context = this.#adopt(chosen);
    this.#recovery = this.#rebuild(context);
    this.#recovery.catch(() => {});
    old?.destroy();
    await this.#recovery;
  }

  /** Do this with every new device, after the ones registered before. */
  onRebuild(rebuild: (context: Context) => Promise<void>): void {
    this.#rebuilders.push(rebuild);
  }

  /**
   * Run work on the device; when that is lost under it, wait for the new one and run it once more.
   * @throws DeviceLostError when no device came back
   */
  async guard<T>(work: (context: Context) => Promise<T>): Promise<T> {
    await this.#recovery;
    const context = this.context;
    try {
      const result = await work(context);
      if (this.#context === context) return result;
    } catch (error) {
      if (this.#context === context) await afterReport();
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
    this.context.destroy();
  }

  #choose(): Promise<ChosenBackend> {
    return this.#chooseBackend({
      ...{ preference: this.#preference, lost: this.#lost, store: measurements() },
      check: (backend) => selfCheck(new Context(backend)),
    });
  }

  #adopt(chosen: ChosenBackend): Context {
    const context = new Context(chosen.backend);
    this.#chosen = chosen;
    this.#context = context;
    void chosen.backend.lost.then((reason) => {
      if (this.#context !== context) return;
      this.#context = undefined;
      this.#lost.push(chosen.backend.kind);
      this.#interruption = 'The device was lost';
      this.onLost(reason);
      this.#recovery = this.#recover();
      // Who waits for it hears of a failure, and `onUnrecoverable` does.
      this.#recovery.catch(() => {});
    });
    return context;
  }

  async #recover(): Promise<void> {
    let context: Context;
    try {
      context = this.#adopt(await this.#choose());
    } catch (error) {
      throw this.#giveUp(error as Error);
    }
    await this.#rebuild(context);
    if (this.#context === context) this.onRecovered();
  }

  async #rebuild(context: Context): Promise<void> {
    try {
      for (const rebuild of this.#rebuilders) await rebuild(context);
    } catch (error) {
      if (this.#context === context) await afterReport();
      if (this.#context === context) throw this.#giveUp(error as Error);
    }
    // Lost again meanwhile: another recovery is under way.
    if (this.#context !== context) await this.#recovery;
  }

  #giveUp(error: Error): DeviceLostError {
    const left = this.#context;
    this.#context = undefined;
    left?.destroy();
    this.onUnrecoverable(error);
    return new DeviceLostError(
      `The device was lost and could not be had again (${error.message}). Reload the page; what was saved is kept.`,
    );
  }

  /** Wait until nothing is being recovered, however that ends. */
  async #settled(): Promise<void> {
    await this.#recovery?.catch(() => {});
  }
}

/** A loss is reported a little after the first call that fails by it. */
function afterReport(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REPORT_MS));
}

/** Measurements are kept in a database of their own, so that the next visit starts at once. */
function measurements() {
  const store = createStore('familiar-tuning', 'times');
  // Where nothing can be kept, all is measured at every visit.
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch {
      return undefined;
    }
  };
  return {
    get: (key: string) => attempt(() => get<string>(key, store)),
    set: (key: string, value: string) => attempt(() => set(key, value, store)),
  };
}
