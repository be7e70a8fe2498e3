import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { CheckpointFiles } from './files/checkpointFiles.ts';
import { type StreamCheckpointOptions, streamCheckpoint } from './files/streamCheckpoint.ts';
import { type Destination, findParameters, type ParameterSpec } from './parameters.ts';
import type { FloatTensor } from './safetensors/parse.ts';

/** A model's parameters on the backend, by their roles. Owns its tensors. */
export class Parameters {
  readonly #byRole: ReadonlyMap<string, Tensor>;

  constructor(byRole: ReadonlyMap<string, Tensor>) {
    this.#byRole = byRole;
  }

  /** @throws Error when the model has no such parameter */
  get(role: string): Tensor {
    const tensor = this.#byRole.get(role);
    if (!tensor) throw new Error(`the model has no parameter ${role}`);
    return tensor;
  }

  /** Undefined where the model has none. */
  maybe(role: string): Tensor | undefined {
    return this.#byRole.get(role);
  }

  /** How many numbers there are. */
  get count(): number {
    return [...this.#byRole.values()].reduce((sum, { size }) => sum + size, 0);
  }

  release(): void {
    for (const tensor of this.#byRole.values()) tensor.release();
  }
}

/**
 * Stream a model's parameters to the backend, one tensor at a time. On any error what was uploaded is released.
 * @param model what it is called in messages
 * @throws SafetensorsError, CheckpointTensorError, OutOfMemoryError, and the signal's reason
 */
export async function loadParameters(
  context: Context,
  specs: readonly ParameterSpec[],
  files: CheckpointFiles,
  model: string,
  options: StreamCheckpointOptions = {},
): Promise<Parameters> {
  const uploads = new Uploads(context, specs);
  try {
    for await (const { destination, values } of streamCheckpoint(files, specs, model, options))
      uploads.add(destination, values);
    return uploads.finish();
  } catch (error) {
    uploads.release();
    throw error;
  }
}

/**
 * The same from tensors that are in memory.
 * @throws CheckpointTensorError
 */
export function parametersFrom(
  context: Context,
  specs: readonly ParameterSpec[],
  tensors: ReadonlyMap<string, Pick<FloatTensor, 'shape' | 'values'>>,
  model: string,
): Parameters {
  const entries = [...tensors].map(([name, { shape }]) => ({
    ...{ name, shape, dtype: 'F32' as const, begin: 0, end: 0 },
  }));
  const header = { fileName: 'the tensors', header: { tensors: entries } };
  const uploads = new Uploads(context, specs);
  for (const [name, destination] of findParameters(specs, [header], model))
    uploads.add(destination, tensors.get(name)!.values);
  return uploads.finish();
}

/** Parameters while their parts arrive. */
class Uploads {
  readonly #context: Context;
  readonly #specs: readonly ParameterSpec[];
  readonly #byRole = new Map<string, Tensor>();

  constructor(context: Context, specs: readonly ParameterSpec[]) {
    this.#context = context;
    this.#specs = specs;
  }

  add({ role, shape, offset, part }: Destination, values: Float32Array<ArrayBuffer>): void {
    if (part === 1) {
      this.#byRole.set(role, this.#context.fromArray(values, shape, role));
      return;
    }
    let whole = this.#byRole.get(role);
    if (!whole) {
      // Zeros, because a part may be missing: a family without a bias of keys has none in its files.
      const size = shape.reduce((product, extent) => product * extent, 1);
      whole = this.#context.fromArray(new Float32Array(size), shape, role);
      this.#byRole.set(role, whole);
    }
    this.#context.backend.upload(whole.buffer, values, offset * values.BYTES_PER_ELEMENT);
  }

  finish(): Parameters {
    const missing = this.#specs.find(({ role }) => !this.#byRole.has(role));
    if (missing) throw new Error(`no numbers came for ${missing.role}`);
    return new Parameters(this.#byRole);
  }

  release(): void {
    for (const tensor of this.#byRole.values()) tensor.release();
    this.#byRole.clear();
  }
}
