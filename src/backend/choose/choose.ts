import type { Backend } from '../backend.ts';
import { DeviceLostError } from '../errors.ts';
import { NoWebGpuError } from '../webgpu/errors.ts';
import type { TuneStore } from '../webgpu/tune.ts';
import { Figures } from './figures.ts';
import { measureSpeed } from './speed.ts';
import { deviceName, type Opened, WAYS, type Way, type WayOpener } from './ways.ts';

/** What the user wants to compute on; `auto` leaves it to what is there and how fast it is. */
export type Preference = 'auto' | Way;

/** What is known of one way to compute. */
export interface WayReport {
  /** What computes there; known once it was opened on this machine. */
  name?: string;
  /** Measured rate of a matrix product. */
  gflops?: number;
  /** Whether it is a graphics adapter made of software, which is slower than the processor by itself. */
  software?: boolean;
  /** Why it cannot be used. */
  problem?: string;
}

/** What was chosen, and why. */
export interface Choice {
  preference: Preference;
  way: Way;
  ways: Record<Way, WayReport>;
}

/** A backend that computes right, and how it came to be chosen. */
export interface ChosenBackend {
  backend: Backend;
  choice: Choice;
  /** One sentence for each weaker choice that was taken. */
  notes: string[];
}

/** What is to be chosen from, and by. */
export interface ChooseRequest {
  preference: Preference;
  /** Where measurements are kept between visits; without one they are made every time. */
  store?: TuneStore | undefined;
  /** Kinds of the devices that were lost since the user chose: a GPU lost twice is not taken again. */
  lost?: readonly Backend['kind'][];
  /** Rejects when a backend computes wrong numbers; the other way is then taken. */
  check?: (backend: Backend) => Promise<void>;
  /** For tests. */
  ways?: Record<Way, WayOpener>;
  measure?: (backend: Backend) => Promise<number>;
}

const NAMES: Record<Way, string> = { gpu: 'graphics card', cpu: 'processor' };
/** Losses after which a GPU is given up. */
const MOST_LOSSES = 2;
/** Milliseconds before a GPU that was just lost is asked for again: its driver may refuse at first. */
const RETRIES = [500, 1000, 2000];

/**
 * The backend to compute with. Left to itself: a real GPU, unless the processor was measured to be faster; the processor where
 * the adapter is software or there is none. Where the way that was asked for cannot be had, the other is taken and a note says so.
 * @throws NoWasmSimdError, OutOfMemoryError when neither can be had
 */
export function chooseBackend(request: ChooseRequest): Promise<ChosenBackend> {
  return new Chooser(request).choose();
}

class Chooser {
  readonly #request: ChooseRequest;
  readonly #ways: Record<Way, WayOpener>;
  readonly #figures: Figures;
  readonly #opened = new Map<Way, Opened>();
  readonly #errors = new Map<Way, Error>();
  readonly #reports: Record<Way, WayReport> = { gpu: {}, cpu: {} };
  readonly #notes: string[] = [];

  constructor(request: ChooseRequest) {
    this.#request = request;
    this.#ways = request.ways ?? WAYS;
    this.#figures = new Figures(request.store, request.measure ?? measureSpeed);
  }

  async choose(): Promise<ChosenBackend> {
    const { preference } = this.#request;
    try {
      const way = preference === 'auto' ? await this.#automatic() : await this.#preferred(preference);
      const { backend, notes } = this.#opened.get(way)!;
      await this.#measured(way);
      await this.#recall(way === 'gpu' ? 'cpu' : 'gpu');
      this.#opened.delete(way);
      return {
        backend,
        choice: { preference, way, ways: this.#reports },
        notes: [...this.#notes, ...notes],
      };
    } finally {
      for (const { backend } of this.#opened.values()) backend.destroy();
    }
  }

  async #automatic(): Promise<Way> {
    if (!(await this.#open('gpu')) || this.#reports.gpu.software) {
      const error = this.#errors.get('gpu');
      // That there is no adapter is nothing to tell of: the processor is then what there is.
      if (error && !(error instanceof NoWebGpuError)) this.#tellOtherTaken('gpu', 'cpu');
      if (await this.#open('cpu')) return 'cpu';
      if (!this.#opened.has('gpu')) throw this.#errors.get('cpu')!;
      await this.#request.check?.(this.#opened.get('gpu')!.backend);
      this.#tellOtherTaken('cpu', 'gpu');
      return 'gpu';
    }
    await this.#recall('cpu');
    if (this.#reports.cpu.gflops === undefined && (await this.#open('cpu'))) await this.#measured('cpu');
    await this.#measured('gpu');
    const [cpu, gpu] = [this.#reports.cpu.gflops, this.#reports.gpu.gflops];
    if (cpu === undefined || gpu === undefined || cpu <= gpu || !(await this.#open('cpu'))) return 'gpu';
    this.#notes.push(
      `The processor is faster here than the graphics card (${Math.round(cpu)} to ${Math.round(gpu)} GFLOP/s).`,
    );
    return 'cpu';
  }

  async #preferred(way: Way): Promise<Way> {
    if (await this.#open(way)) return way;
    const other = way === 'gpu' ? 'cpu' : 'gpu';
    if (!(await this.#open(other))) throw this.#errors.get('cpu')!;
    this.#tellOtherTaken(way, other);
    return other;
  }

  /** Open a way unless it is; false when that fails, with the reason in its report. */
  async #open(way: Way): Promise<boolean> {
    if (this.#opened.has(way)) return true;
    if (this.#errors.has(way)) return false;
    try {
      const opened = await this.#openPatiently(way);
      const { backend } = opened;
      Object.assign(this.#reports[way], {
        name: deviceName(backend),
        ...(way === 'gpu' && backend.traits.onCpu ? { software: true } : {}),
      });
      this.#opened.set(way, opened);
      return true;
    } catch (error) {
      this.#errors.set(way, error as Error);
      this.#reports[way] = { problem: (error as Error).message };
      return false;
    }
  }

  async #openPatiently(way: Way): Promise<Opened> {
    const losses = way === 'gpu' ? (this.#request.lost ?? []).filter((kind) => kind === 'webgpu').length : 0;
    if (losses >= MOST_LOSSES) throw new DeviceLostError('It was lost twice. Choose it again to try.');
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#openRight(way);
      } catch (error) {
        if (losses === 0 || attempt === RETRIES.length) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRIES[attempt]));
      }
    }
  }

  async #openRight(way: Way): Promise<Opened> {
    const opened = await this.#ways[way].open(this.#request.store);
    // A software adapter is not taken where the processor can be: compiling kernels to check it would only delay the start.
    const unlikely = this.#request.preference === 'auto' && way === 'gpu' && opened.backend.traits.onCpu;
    try {
      if (!unlikely) await this.#request.check?.(opened.backend);
      return opened;
    } catch (error) {
      opened.backend.destroy();
      throw error;
    }
  }

  /** Put an opened way's speed into its report, from earlier or now. */
  async #measured(way: Way): Promise<void> {
    const report = this.#reports[way];
    if (report.gflops !== undefined) return;
    try {
      report.gflops = await this.#figures.of(this.#ways[way].key(), this.#opened.get(way)!.backend);
    } catch (error) {
      this.#notes.push(`The speed of the ${NAMES[way]} could not be measured: ${(error as Error).message}`);
    }
  }

  /** Put what an earlier visit measured of a way into its report. */
  async #recall(way: Way): Promise<void> {
    const report = this.#reports[way];
    if (this.#errors.has(way) || report.gflops !== undefined) return;
    const known = await this.#figures.recall(this.#ways[way].key());
    if (known && (report.name === undefined || report.name === known.name)) Object.assign(report, known);
  }

  #tellOtherTaken(way: Way, other: Way): void {
    this.#notes.push(
      `The ${NAMES[way]} is not used. ${this.#errors.get(way)!.message} The ${NAMES[other]} computes instead.`,
    );
  }
}
