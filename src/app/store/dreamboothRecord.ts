import type { DreamBoothCheckpoint, DreamBoothPoint } from '../../engine/generator/protocol.ts';
import type { Checkpoint } from '../../library/types.ts';
import type { LoraPair } from '../../models/unet2d/loraModules.ts';
import type { LoraTarget } from '../../models/unet2d/loraSites.ts';

/** The JSON part of a stored checkpoint: everything but the numbers. */
interface CheckpointState {
  rank: number;
  alpha: number;
  targets: LoraTarget[];
  modules: (Omit<LoraPair, 'A' | 'B'> & { path: string })[];
  optimizerStep: number;
  history: DreamBoothPoint[];
}

/** A checkpoint as the library stores it: JSON, and named arrays of numbers. */
export function toRecord({
  step,
  adapter,
  optimizer,
  tokenOptimizer,
  history,
}: DreamBoothCheckpoint): Checkpoint {
  const tensors: Record<string, Float32Array> = {};
  const modules = Object.entries(adapter.modules).map(([path, { A, B, ...sizes }]) => {
    tensors[`${path}.A`] = A;
    tensors[`${path}.B`] = B;
    return { path, ...sizes };
  });
  for (const [name, values] of Object.entries(optimizer.first)) tensors[`first/${name}`] = values;
  for (const [name, values] of Object.entries(optimizer.second)) tensors[`second/${name}`] = values;
  if (adapter.token && tokenOptimizer) {
    tensors.token = adapter.token;
    tensors['token/first'] = tokenOptimizer.first.token!;
    tensors['token/second'] = tokenOptimizer.second.token!;
  }
  const { rank, alpha, targets } = adapter;
  const state: CheckpointState = {
    ...{ rank, alpha, targets: [...targets], modules },
    ...{ optimizerStep: optimizer.step, history },
  };
  return { step, state, tensors };
}

/**
 * The checkpoint of a stored one.
 * @throws Error when an array is missing
 */
export function fromRecord({ step, state, tensors }: Checkpoint): DreamBoothCheckpoint {
  const { rank, alpha, targets, modules, optimizerStep, history } = state as CheckpointState;
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
  // Both optimizers have taken as many steps.
  const tokenState = () => ({
    step: optimizerStep,
    first: { token: take('token/first') },
    second: { token: take('token/second') },
  });
  const pairs = modules.map(({ path, ...sizes }) => [
    path,
    { A: take(`${path}.A`), B: take(`${path}.B`), ...sizes },
  ]);
  return {
    step,
    adapter: {
      ...{ rank, alpha, targets, modules: Object.fromEntries(pairs) },
      ...(tensors.token ? { token: take('token') } : {}),
    },
    ...(tensors.token ? { tokenOptimizer: tokenState() } : {}),
    optimizer: { step: optimizerStep, first: moments('first/'), second: moments('second/') },
    history,
  };
}
