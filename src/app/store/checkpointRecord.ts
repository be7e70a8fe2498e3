import type { TrainingCheckpoint } from '../../engine/protocol.ts';
import type { Checkpoint } from '../../library/types.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';

/** The JSON part of a stored checkpoint: everything but the numbers. */
interface CheckpointState {
  adapter: Omit<LoraAdapter, 'tensors'> & {
    modules: { path: string; inFeatures: number; outFeatures: number }[];
  };
  optimizerStep: number;
  history: TrainingCheckpoint['history'];
}

/** A training checkpoint as the library stores it: JSON, and named arrays of numbers. */
export function toRecord({ step, adapter, optimizer, history }: TrainingCheckpoint): Checkpoint {
  const { tensors: pairs, ...rest } = adapter;
  const tensors: Record<string, Float32Array> = {};
  const modules = Object.entries(pairs).map(([path, { A, B, inFeatures, outFeatures }]) => {
    tensors[`${path}.A`] = A;
    tensors[`${path}.B`] = B;
    return { path, inFeatures, outFeatures };
  });
  for (const [name, values] of Object.entries(optimizer.first)) tensors[`first/${name}`] = values;
  for (const [name, values] of Object.entries(optimizer.second)) tensors[`second/${name}`] = values;
  const state: CheckpointState = { adapter: { ...rest, modules }, optimizerStep: optimizer.step, history };
  return { step, state, tensors };
}

/**
 * The training checkpoint of a stored one.
 * @throws Error when an array is missing
 */
export function fromRecord({ step, state, tensors }: Checkpoint): TrainingCheckpoint {
  const { adapter, optimizerStep, history } = state as CheckpointState;
  const { modules, ...rest } = adapter;
  const take = (name: string): Float32Array<ArrayBuffer> => {
    const values = tensors[name];
    if (!values) throw new Error(`the stored checkpoint has no ${name}`);
    return Float32Array.from(values);
  };
  const moments = (prefix: string) =>
    Object.fromEntries(
      Object.keys(tensors)
        .filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), take(name)]),
    );
  return {
    step,
    adapter: {
      ...rest,
      tensors: Object.fromEntries(
        modules.map(({ path, inFeatures, outFeatures }) => [
          path,
          { A: take(`${path}.A`), B: take(`${path}.B`), inFeatures, outFeatures },
        ]),
      ),
    },
    optimizer: { step: optimizerStep, first: moments('first/'), second: moments('second/') },
    history,
  };
}
