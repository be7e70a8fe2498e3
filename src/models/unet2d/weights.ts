import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { fromFloat16 } from '../weights/safetensors/dtypes.ts';
import type { UNet2DConfig } from './config.ts';
import { expectedUNet2DTensors } from './tensors.ts';

/** A checkpoint of a UNet that lacks a tensor, or has it in another shape. */
export class UNet2DTensorError extends Error {
  override readonly name = 'UNet2DTensorError';
  constructor(
    readonly tensor: string,
    problem: string,
  ) {
    super(
      `unet: tensor "${tensor}" ${problem}. The weights and config.json must come from the same checkpoint.`,
    );
  }
}

/** Frozen weights on the GPU by diffusers' name, with self-attention's query, key and value fused. */
export class UNet2DWeights {
  readonly #byName: ReadonlyMap<string, Tensor>;

  constructor(byName: ReadonlyMap<string, Tensor>) {
    this.#byName = byName;
  }

  /** A tensor by name: convolutions [kh, kw, in, out], linear layers and 1×1 convolutions [out, in]. */
  get(name: string): Tensor {
    const tensor = this.#byName.get(name);
    if (!tensor) throw new UNet2DTensorError(name, 'is missing');
    return tensor;
  }
}

/** Numbers, or the bits of f16 ones. */
export type Numbers = Float32Array | Uint16Array;

const FUSED = /^(.*\.attn1)\.to_([qkv])\.weight$/;

/**
 * Takes tensors one by one, as they stream in, turns each into the layout our kernels read and puts it on the GPU, so
 * that a checkpoint is never held whole in memory.
 */
export class UNet2DWeightLoader {
  readonly #context: Context;
  readonly #expected: Map<string, number[]>;
  readonly #missing: Set<string>;
  readonly #byName = new Map<string, Tensor>();

  constructor(context: Context, config: UNet2DConfig) {
    this.#context = context;
    this.#expected = expectedUNet2DTensors(config);
    this.#missing = new Set(this.#expected.keys());
  }

  /** Whether matrices came as f16, and stay so. */
  get half(): boolean {
    return [...this.#byName.values()].some(({ half }) => half);
  }

  /** How many numbers the whole model has. */
  get size(): number {
    let size = 0;
    for (const shape of this.#expected.values()) size += shape.reduce((a, b) => a * b, 1);
    return size;
  }

  /**
   * Upload one tensor; names the model does not have are passed over. Matrices given as f16 stay so on the GPU.
   * @param values numbers, or the bits of f16 ones
   * @throws UNet2DTensorError when its shape is not what config.json asks for
   */
  add(name: string, shape: readonly number[], values: Numbers): void {
    const expected = this.#expected.get(name);
    if (!expected) return;
    if (`${shape}` !== `${expected}`) {
      throw new UNet2DTensorError(name, `is [${shape}]; config.json asks for [${expected}]`);
    }
    this.#missing.delete(name);
    const fused = FUSED.exec(name);
    if (fused) {
      this.#addFused(fused[1]!, fused[2]!, shape, values);
      return;
    }
    if (shape.length === 4 && shape[2]! > 1) {
      const [out, from, height, width] = shape as [number, number, number, number];
      this.#upload(name, [height, width, from, out], tapsFirst(values, out, from, height * width));
    } else {
      this.#upload(name, shape.length === 4 ? shape.slice(0, 2) : shape, values);
    }
  }

  /**
   * All weights in their places.
   * @throws UNet2DTensorError when a tensor never came
   */
  finish(): UNet2DWeights {
    for (const name of this.#missing) {
      throw new UNet2DTensorError(
        name,
        `is missing; config.json asks for it as [${this.#expected.get(name)}]`,
      );
    }
    return new UNet2DWeights(this.#byName);
  }

  /** Release everything uploaded so far. */
  release(): void {
    for (const tensor of this.#byName.values()) tensor.release();
    this.#byName.clear();
  }

  #addFused(path: string, part: string, [out, from]: readonly number[], values: Numbers): void {
    const context = this.#context;
    const name = `${path}.to_qkv.weight`;
    const shape = [3 * out!, from!];
    let target = this.#byName.get(name);
    if (!target) {
      const half = values instanceof Uint16Array && keptHalf(shape);
      target = keep(context, () =>
        half ? context.halfTensor(shape, undefined, name) : context.empty(shape, name),
      );
      this.#byName.set(name, target);
    }
    const numbers = target.half ? values : floats(values);
    if (target.half && !(numbers instanceof Uint16Array))
      throw new UNet2DTensorError(name, 'has parts of different precision');
    const offset = 'qkv'.indexOf(part) * numbers.byteLength;
    context.backend.upload(target.operand.storage, numbers as Float32Array<ArrayBuffer>, offset);
  }

  #upload(name: string, shape: readonly number[], values: Numbers): void {
    const context = this.#context;
    this.#byName.set(
      name,
      keep(context, () =>
        values instanceof Uint16Array && keptHalf(shape)
          ? context.halfTensor(shape, values as Uint16Array<ArrayBuffer>, name)
          : context.fromArray(floats(values), shape, name),
      ),
    );
  }
}

function floats(values: Numbers): Float32Array {
  return values instanceof Uint16Array ? fromFloat16(values) : values;
}

/** Whether a weight is kept as f16 when the file has it so: matrices, in rows that are read four by four. */
function keptHalf(shape: readonly number[]): boolean {
  return shape.length >= 2 && shape[shape.length - 1]! % 4 === 0;
}

/** [out, in, taps] → [taps, in, out]. */
export function tapsFirst<T extends Numbers>(values: T, out: number, from: number, taps: number): T {
  const turned = new (values.constructor as new (length: number) => T)(values.length);
  for (let o = 0; o < out; o++) {
    for (let c = 0; c < from; c++) {
      const source = (o * from + c) * taps;
      for (let t = 0; t < taps; t++) turned[(t * from + c) * out + o] = values[source + t]!;
    }
  }
  return turned;
}
