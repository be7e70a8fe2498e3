import { cutPadding, cutPaddingValues, type PatchGeometry } from '../images/geometry.ts';
import { preprocess } from '../images/preprocess.ts';
import type { PreprocessConfig } from '../images/preprocessConfig.ts';
import { type MapTarget, preprocessForMap } from '../images/preprocessForMap.ts';
import type { Pixels } from '../images/types.ts';
import { prefixTokens } from '../models/vit/cost.ts';
import type { VitLora } from '../models/vit/lora.ts';
import type { Vit } from '../models/vit/model.ts';
import type { Context } from '../tensor/context.ts';
import { normalizeRows } from '../tensor/ops/normalizeRows.ts';
import { selectToken } from '../tensor/ops/sliceRows.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Which } from './protocol.ts';

/** Patch tokens of one photo by one set of weights; padding cut away. */
export interface DenseFeatures {
  /** [patches, dimension] as the encoder gave them. */
  tokens: Float32Array<ArrayBuffer>;
  dimension: number;
  geometry: PatchGeometry;
  /** The same at length 1 on the backend, computed, [1, patches, dimension], for hover maps. */
  unitTokens: Tensor;
}

/** Bytes of dense features kept before the least recently used go; counts CPU and GPU copies once. */
const CACHE_BYTES = 512 * 2 ** 20;

/** Bytes of preprocessed photos that are kept: an evaluation asks for the same pictures by one adapter after the other. */
const INPUT_BYTES = 256 * 2 ** 20;

/** A photo as the encoder takes it. */
interface EncoderInput {
  values: Float32Array<ArrayBuffer>;
}

/**
 * Features of photos by both sets of weights, computed once. Keys name pixels, so a changed photo has another key.
 */
export class FeatureStore {
  readonly #context: Context;
  readonly #encoder: Vit;
  readonly #preprocess: PreprocessConfig;
  readonly #dense = new Map<string, DenseFeatures>();
  readonly #global = new Map<string, Float32Array<ArrayBuffer>>();
  readonly #inputs = new Map<string, EncoderInput>();
  #bytes = 0;
  #inputBytes = 0;
  /** The adapter of the personalized side. */
  #lora: VitLora | undefined;

  constructor(context: Context, encoder: Vit, preprocess: PreprocessConfig) {
    this.#context = context;
    this.#encoder = encoder;
    this.#preprocess = preprocess;
  }

  /** Sets of weights there are. */
  get available(): Which[] {
    return this.#lora ? ['pretrained', 'personalized'] : ['pretrained'];
  }

  /** Use another adapter (owned from now on); what the one before computed is forgotten. */
  setAdapter(lora: VitLora | undefined): void {
    this.#drop((key) => key.startsWith('personalized '));
    this.#lora?.release();
    this.#lora = lora;
  }

  /** Patch tokens of a photo for maps. */
  async dense(which: Which, key: string, pixels: Pixels, target: MapTarget): Promise<DenseFeatures> {
    const name = denseName(which, key, target);
    const known = this.#dense.get(name);
    if (known) {
      this.#dense.delete(name);
      this.#dense.set(name, known);
      return known;
    }
    const { patch } = this.#encoder.config;
    const input = this.#input(inputName(key, target), () =>
      preprocessForMap(pixels, patch, target, this.#preprocess),
    );
    const hidden = this.#forward(which, input.values, input.height, input.width);
    const values = await this.#context.read(hidden);
    hidden.release();
    const dimension = this.#encoder.config.width;
    const grid = values.subarray(prefixTokens(this.#encoder.config) * dimension);
    const geometry = cutPadding(input.geometry);
    const tokens = cutPaddingValues(grid, input.geometry, dimension);
    const unitTokens = this.#context.scope(() =>
      normalizeRows(
        this.#context,
        this.#context.fromArray(tokens, [1, geometry.columns * geometry.rows, dimension], 'features'),
      ),
    );
    // What is in the cache may be used by urgent work, which overtakes commands that wait.
    await this.#context.finish();
    const meanwhile = this.#dense.get(name);
    if (meanwhile) {
      unitTokens.release();
      return meanwhile;
    }
    const features = { tokens, dimension, geometry, unitTokens };
    this.#dense.set(name, features);
    this.#bytes += tokens.byteLength;
    this.#evict(name);
    return features;
  }

  /** Dense features if they are there already. */
  cached(which: Which, key: string, target: MapTarget): DenseFeatures | undefined {
    return this.#dense.get(denseName(which, key, target));
  }

  /** Class token of a photo, preprocessed as the encoder's own configuration says. */
  async global(which: Which, key: string, pixels: Pixels): Promise<Float32Array<ArrayBuffer>> {
    const name = `${which} ${key.replaceAll(' ', '_')}`;
    const known = this.#global.get(name);
    if (known) return known;
    const { cropHeight, cropWidth } = this.#preprocess;
    const { values } = this.#input(inputName(key), () => ({ values: preprocess(pixels, this.#preprocess) }));
    const hidden = this.#forward(which, values, cropHeight, cropWidth);
    const token = this.#context.scope(() => selectToken(this.#context, hidden, 0));
    hidden.release();
    const embedding = await this.#context.read(token);
    token.release();
    this.#global.set(name, embedding);
    return embedding;
  }

  /** Forget photos. */
  forget(keys: readonly string[]): void {
    const gone = new Set(keys.map((key) => key.replaceAll(' ', '_')));
    this.#drop((name) => gone.has(name.split(' ')[1]!));
    for (const name of this.#inputs.keys()) if (gone.has(name.split(' ')[0]!)) this.#dropInput(name);
  }

  /** Release everything, the adapter too. */
  release(): void {
    this.setAdapter(undefined);
    this.#drop(() => true);
    for (const name of this.#inputs.keys()) this.#dropInput(name);
  }

  /** A photo preprocessed, or what is left of having done so before. */
  #input<T extends EncoderInput>(name: string, make: () => T): T {
    const known = this.#inputs.get(name) as T | undefined;
    if (known) {
      this.#inputs.delete(name);
      this.#inputs.set(name, known);
      return known;
    }
    const made = make();
    this.#inputs.set(name, made);
    this.#inputBytes += made.values.byteLength;
    for (const oldest of this.#inputs.keys()) {
      if (this.#inputBytes <= INPUT_BYTES || oldest === name) break;
      this.#dropInput(oldest);
    }
    return made;
  }

  #dropInput(name: string): void {
    this.#inputBytes -= this.#inputs.get(name)!.values.byteLength;
    this.#inputs.delete(name);
  }

  #forward(which: Which, values: Float32Array, height: number, width: number): Tensor {
    const context = this.#context;
    const lora = which === 'personalized' ? this.#lora : undefined;
    if (which === 'personalized' && !lora) throw new Error('there is no adapter to personalize with');
    return context.scope(() =>
      this.#encoder.forward(context.fromArray(values, [1, 3, height, width], 'pixels'), lora),
    );
  }

  #evict(newest: string): void {
    for (const [name, { tokens, unitTokens }] of this.#dense) {
      if (this.#bytes <= CACHE_BYTES || name === newest) return;
      unitTokens.release();
      this.#bytes -= tokens.byteLength;
      this.#dense.delete(name);
    }
  }

  #drop(matches: (name: string) => boolean): void {
    for (const [name, { tokens, unitTokens }] of this.#dense) {
      if (!matches(name)) continue;
      unitTokens.release();
      this.#bytes -= tokens.byteLength;
      this.#dense.delete(name);
    }
    for (const name of this.#global.keys()) if (matches(name)) this.#global.delete(name);
  }
}

function inputName(key: string, target?: MapTarget): string {
  return target
    ? `${key.replaceAll(' ', '_')} ${target.mode} ${target.size}`
    : `${key.replaceAll(' ', '_')} whole`;
}

function denseName(which: Which, key: string, target: MapTarget): string {
  return `${which} ${key.replaceAll(' ', '_')} ${target.mode} ${target.size}`;
}
