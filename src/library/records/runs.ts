import { MissingRecordError } from '../storage/errors.ts';
import { keys } from '../storage/keys.ts';
import type { Checkpoint, Ref, RunRecord, RunSample } from '../types.ts';
import { type LibraryContext, newId } from './context.ts';
import { packTensors, type TensorSpan, unpackTensors } from './tensors.ts';

interface StoredCheckpoint {
  step: number;
  state: unknown;
  layout: TensorSpan[];
}

export type NewRun = Pick<RunRecord, 'settings' | 'totalSteps'> & Partial<Pick<RunRecord, 'history'>>;
export type RunChange = Partial<
  Pick<RunRecord, 'status' | 'step' | 'totalSteps' | 'history' | 'settings' | 'error'>
>;

export class Runs {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /** A subject's runs, oldest first. */
  async list(subjectId: string): Promise<RunRecord[]> {
    const entries = await this.#context.store.entries<RunRecord>(keys.runs(subjectId));
    return entries.map(([, run]) => run).sort((a, b) => a.createdAt - b.createdAt);
  }

  /** A subject's unfinished runs that have a checkpoint to go on from, the latest first. */
  async resumable(subjectId: string): Promise<RunRecord[]> {
    const unfinished = (run: RunRecord) => run.status !== 'finished' && run.status !== 'stopped';
    return (await this.list(subjectId))
      .filter((run) => unfinished(run) && run.checkpointStep !== undefined)
      .sort((a, b) => b.updatedAt - a.updatedAt);
  }

  async get({ subjectId, id }: Ref): Promise<RunRecord | undefined> {
    return this.#context.store.get<RunRecord>(keys.run(subjectId, id));
  }

  /** Note a run that begins. @throws MissingRecordError when the subject is gone */
  async create(subjectId: string, fields: NewRun): Promise<RunRecord> {
    const now = this.#context.now();
    const times = { createdAt: now, updatedAt: now };
    const run: RunRecord = {
      history: [],
      ...fields,
      ...times,
      id: newId(),
      subjectId,
      status: 'running',
      step: 0,
    };
    await this.putRecord(run);
    return run;
  }

  /** Store a run as it is, such as one from an export; its checkpoint is stored by `saveCheckpoint`. */
  async putRecord(run: RunRecord): Promise<void> {
    await this.#context.store.write({
      requires: [keys.subject(run.subjectId)],
      put: [[keys.run(run.subjectId, run.id), run]],
    });
  }

  /** @throws MissingRecordError */
  async update(ref: Ref, change: RunChange): Promise<RunRecord> {
    const changed = { ...(await this.#require(ref)), ...change, updatedAt: this.#context.now() };
    const key = keys.run(ref.subjectId, ref.id);
    await this.#context.store.write({ requires: [key], put: [[key, changed]] });
    return changed;
  }

  /**
   * Store a checkpoint in place of the one before, with the run's record, in one transaction: after a crash
   * either the old or the new one is there, whole.
   * @throws QuotaError (the old checkpoint is then in place), MissingRecordError when the run is gone
   */
  async saveCheckpoint(ref: Ref, checkpoint: Checkpoint, change: RunChange = {}): Promise<RunRecord> {
    const { step } = checkpoint;
    const now = this.#context.now();
    const run = { ...(await this.#require(ref)), step, ...change, checkpointStep: step, updatedAt: now };
    await this.#writeCheckpoint(run, checkpoint);
    return run;
  }

  /** Store a run and its checkpoint as they come back from an export. */
  async putCheckpoint(run: RunRecord, checkpoint: Checkpoint): Promise<void> {
    await this.putRecord(run);
    await this.#writeCheckpoint({ ...run, checkpointStep: checkpoint.step }, checkpoint);
  }

  /** The run's checkpoint; undefined when there is none. */
  async loadCheckpoint({ subjectId, id }: Ref): Promise<Checkpoint | undefined> {
    const stored = await this.#context.store.get<StoredCheckpoint>(keys.checkpoint(subjectId, id));
    if (!stored) return undefined;
    const entries = await this.#context.store.entries<Float32Array<ArrayBuffer>>(keys.tensors(subjectId, id));
    const tensors = unpackTensors({ layout: stored.layout, chunks: entries.map(([, chunk]) => chunk) });
    return { step: stored.step, state: stored.state, tensors };
  }

  /** Free the checkpoint of a run that needs none any more; the record stays. */
  async dropCheckpoint(ref: Ref): Promise<RunRecord> {
    const { checkpointStep: _, ...run } = await this.#require(ref);
    const { subjectId, id } = ref;
    await this.#context.store.write({
      requires: [keys.run(subjectId, id)],
      remove: [keys.checkpoint(subjectId, id)],
      removePrefixes: [keys.tensors(subjectId, id)],
      put: [[keys.run(subjectId, id), run]],
    });
    return run;
  }

  /**
   * Store a sample; it takes the place of an earlier one of its step. Samples outlive the run's checkpoint.
   * @throws QuotaError, MissingRecordError when the run is gone
   */
  async addSample(ref: Ref, sample: RunSample): Promise<void> {
    const key = sampleKey(ref, sample.step);
    await this.#context.store.write({ requires: [keys.run(ref.subjectId, ref.id)], put: [[key, sample]] });
  }

  /** A run's samples in the order of their steps. */
  async samples({ subjectId, id }: Ref): Promise<RunSample[]> {
    const entries = await this.#context.store.entries<RunSample>(keys.samples(subjectId, id));
    return entries.map(([, sample]) => sample).sort((a, b) => a.step - b.step);
  }

  /** Delete the samples of later steps than this one. */
  async dropSamplesAfter(ref: Ref, step: number): Promise<void> {
    const later = (await this.samples(ref)).filter((sample) => sample.step > step);
    await this.#context.store.write({ remove: later.map((sample) => sampleKey(ref, sample.step)) });
  }

  /** Delete a run with its checkpoint and samples. Adapters made by it stay. */
  async remove({ subjectId, id }: Ref): Promise<void> {
    await this.#context.store.write({
      remove: [keys.run(subjectId, id), keys.checkpoint(subjectId, id)],
      removePrefixes: [keys.tensors(subjectId, id), keys.samples(subjectId, id)],
    });
  }

  async #writeCheckpoint(run: RunRecord, { step, state, tensors }: Checkpoint): Promise<void> {
    const { subjectId, id } = run;
    const { layout, chunks } = packTensors(tensors);
    const prefix = keys.tensors(subjectId, id);
    const stored: StoredCheckpoint = { step, state, layout };
    await this.#context.store.write({
      requires: [keys.run(subjectId, id)],
      removePrefixes: [prefix],
      put: [
        ...chunks.map((chunk, i) => [prefix + String(i).padStart(6, '0'), chunk] as const),
        [keys.checkpoint(subjectId, id), stored],
        [keys.run(subjectId, id), run],
      ],
    });
  }

  async #require(ref: Ref): Promise<RunRecord> {
    const run = await this.get(ref);
    if (!run) throw new MissingRecordError(keys.run(ref.subjectId, ref.id));
    return run;
  }
}

function sampleKey({ subjectId, id }: Ref, step: number): string {
  return keys.samples(subjectId, id) + String(step).padStart(9, '0');
}
