import type { Backend, MemoryUse } from '../backend/backend.ts';
import type { Kernels } from '../backend/kernels.ts';
import { Tape } from './tape.ts';
import { sizeOf, Tensor, type TensorStorage } from './tensor.ts';

/** What a scope may hand out: a tensor, or tensors in an array or a record. */
export type Tensors = Tensor | undefined | readonly Tensors[] | { readonly [name: string]: Tensors };

/**
 * Everything an op needs: the backend's memory and kernels, scopes, and the tape when gradients are wanted. One context a
 * backend.
 */
export class Context {
  readonly backend: Backend;
  #tape: Tape | undefined;
  #scope: Tensor[] | undefined;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** The backend's kernels. */
  get kernels(): Kernels {
    return this.backend.kernels;
  }

  /** Bytes in use on the backend. */
  get memory(): MemoryUse {
    return this.backend.memory();
  }

  /** A new tensor with unspecified contents. */
  empty(shape: readonly number[], label = 'tensor'): Tensor {
    const buffer = this.backend.alloc(Math.max(4, sizeOf(shape) * 4), `${label} [${shape}]`);
    const tensor = new Tensor(shape, { buffer, references: 1 }, this.#freeStorage);
    this.#scope?.push(tensor);
    return tensor;
  }

  /** A new tensor of zeros. */
  zeros(shape: readonly number[], label?: string): Tensor {
    const tensor = this.empty(shape, label);
    this.backend.clear(tensor.buffer, Math.max(4, tensor.size * 4));
    return tensor;
  }

  /** A new tensor with the given numbers, row-major. */
  fromArray(values: ArrayLike<number>, shape: readonly number[], label?: string): Tensor {
    if (values.length !== sizeOf(shape)) {
      throw new Error(`${label ?? 'tensor'}: ${values.length} numbers do not fill [${shape}]`);
    }
    const tensor = this.empty(shape, label);
    this.write(tensor, values);
    return tensor;
  }

  /**
   * A frozen weight [..., N], N a multiple of four, kept as f16: half the memory, and exact where the file has f16.
   * @param bits IEEE 754 binary16 of every number; written later, in parts, when left out
   */
  halfTensor(shape: readonly number[], bits?: Uint16Array<ArrayBuffer>, label = 'tensor'): Tensor {
    const size = sizeOf(shape);
    if (shape[shape.length - 1]! % 4 !== 0) throw new Error(`${label}: f16 rows of [${shape}] are no fours`);
    if (bits && bits.length !== size)
      throw new Error(`${label}: ${bits.length} numbers do not fill [${shape}]`);
    const buffer = this.backend.alloc(size * 2, `${label} [${shape}] f16`);
    const tensor = new Tensor(shape, { buffer, references: 1, half: true }, this.#freeStorage);
    this.#scope?.push(tensor);
    if (bits) this.backend.upload(buffer, bits);
    return tensor;
  }

  /** Overwrite a tensor's numbers. */
  write(tensor: Tensor, values: ArrayLike<number>): void {
    if (tensor.half) throw new Error(`f16 tensor [${tensor.shape}] cannot be overwritten`);
    const data = values instanceof Float32Array ? values : Float32Array.from(values);
    this.backend.upload(tensor.buffer, data as Float32Array<ArrayBuffer>);
  }

  /** Read a tensor back. Waits for the backend: never inside a training step. */
  async read(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
    if (tensor.half) throw new Error(`f16 tensor [${tensor.shape}] cannot be read back`);
    return new Float32Array(await this.backend.read(tensor.buffer, tensor.size * 4));
  }

  /** Copy `count` numbers from one tensor into another, starting at the given numbers. */
  copy(source: Tensor, from: number, target: Tensor, at: number, count: number): void {
    this.backend.copy(source.buffer, from * 4, target.buffer, at * 4, count * 4);
  }

  /** Start what was recorded. */
  flush(): void {
    this.backend.flush();
  }

  /** Resolves when everything that was recorded is done. */
  finish(): Promise<void> {
    return this.backend.finish();
  }

  /**
   * Release every tensor made inside, except what is returned (which passes to the enclosing scope). What a tape entry
   * saved stays until its backward ran.
   */
  scope<T extends Tensors>(body: () => T): T {
    const outer = this.#scope;
    const made: Tensor[] = [];
    this.#scope = made;
    try {
      const result = body();
      const kept = new Set<Tensor>();
      collect(result, kept);
      for (const tensor of made) {
        if (kept.has(tensor)) outer?.push(tensor);
        else tensor.release();
      }
      return result;
    } catch (error) {
      for (const tensor of made) tensor.release();
      throw error;
    } finally {
      this.#scope = outer;
    }
  }

  /** Let go of a tensor of the current scope before the scope ends (long chains of layers). A tape may still hold it. */
  drop(tensor: Tensor): void {
    const index = this.#scope?.lastIndexOf(tensor) ?? -1;
    if (index >= 0) this.#scope!.splice(index, 1);
    tensor.release();
  }

  /** A view under another shape; gradient flows through. */
  reshape(tensor: Tensor, shape: readonly number[]): Tensor {
    const view = tensor.alias(shape);
    this.#scope?.push(view);
    this.record('reshape', [tensor], view, [], (dy) => {
      const dx = dy.alias(tensor.shape);
      this.#scope?.push(dx);
      return [dx];
    });
    return view;
  }

  /** Whether an op on these inputs must be able to go backward. */
  needsGrad(inputs: readonly (Tensor | undefined)[]): boolean {
    return this.#tape !== undefined && inputs.some((input) => input?.requiresGrad);
  }

  /**
   * Put an op on the tape if a tape is running and an input needs a gradient.
   * @param saved tensors that `backward` reads; they stay alive until then. Nothing else may be read there.
   * @param backward from the gradient of the output to one gradient per input (undefined where none is needed).
   */
  record(
    name: string,
    inputs: readonly (Tensor | undefined)[],
    output: Tensor,
    saved: readonly Tensor[],
    backward: (outputGrad: Tensor) => (Tensor | undefined)[],
  ): void {
    if (!this.needsGrad(inputs)) return;
    output.requiresGrad = true;
    for (const tensor of saved) tensor.retain();
    this.#tape!.push({ name, inputs, output, saved, backward });
  }

  /**
   * Run `body` with a tape, then back-propagate from the tensor it returns.
   * @param seed gradient at that tensor; ones when left out (a scalar loss).
   * Gradients end in `grad` of the trainable tensors, added to what was there.
   */
  backward(body: () => Tensor, seed?: Tensor): Tensor {
    if (this.#tape) throw new Error('a tape is already running');
    return this.scope(() => {
      const tape = new Tape(this);
      this.#tape = tape;
      let output: Tensor;
      try {
        output = body();
      } catch (error) {
        tape.discard();
        throw error;
      } finally {
        this.#tape = undefined;
      }
      tape.backward(output, seed);
      return output;
    });
  }

  /** Free everything, and the backend with it. */
  destroy(): void {
    this.backend.destroy();
  }

  readonly #freeStorage = (storage: TensorStorage): void => this.backend.free(storage.buffer);
}

function collect(value: Tensors, into: Set<Tensor>): void {
  if (value instanceof Tensor) into.add(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (value) for (const item of Object.values(value as Record<string, Tensors>)) collect(item, into);
}
