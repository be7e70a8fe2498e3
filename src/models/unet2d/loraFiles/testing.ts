import { readFileSync } from 'node:fs';
import type { Philox } from '../../../random/philox.ts';
import type { Dtype } from '../../weights/safetensors/dtypes.ts';
import { handmadeFile } from '../../weights/safetensors/testing.ts';
import { readUNet2DConfig } from '../config.ts';
import type { UNet2DAdapter } from '../lora.ts';
import { type LoraTarget, loraSites } from '../loraSites.ts';

const json = readFileSync(new URL('../../../testing/golden/unet/model/config.json', import.meta.url), 'utf8');

/** The UNet of the golden values: 1×1 convolutions before and after its transformers. */
export const config = readUNet2DConfig(JSON.parse(json));

/** A tensor of any type for a test's file. */
export interface TypedTensor {
  dtype: Dtype;
  shape: number[];
  bytes: Uint8Array;
}

/** One module of a LoRA, as a test makes it up. */
export interface MadeModule {
  path: string;
  inFeatures: number;
  outFeatures: number;
  taps: number;
  pointwise: boolean;
  rank: number;
  alpha: number;
  /** [rank, in·taps] */
  A: number[];
  /** [out, rank] */
  B: number[];
}

/** Numbers as the bytes of a type; those of F16, BF16 and f8 must be multiples of 1/64 in [−2, 2], which all but f8 have exactly. */
export function typed(dtype: Dtype, shape: number[], numbers: readonly number[]): TypedTensor {
  const bytesOf = (array: ArrayBufferView) =>
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const big = numbers.map((value) => BigInt(Number.isInteger(value) ? value : 0));
  const arrays: Partial<Record<Dtype, () => ArrayBufferView>> = {
    F64: () => Float64Array.from(numbers),
    F32: () => Float32Array.from(numbers),
    BF16: () => Uint16Array.from(numbers, (value) => bits(value) >>> 16),
    F16: () => Uint16Array.from(numbers, (value) => half(bits(value))),
    I64: () => BigInt64Array.from(big),
    U64: () => BigUint64Array.from(big),
    I32: () => Int32Array.from(numbers),
    U32: () => Uint32Array.from(numbers),
    I16: () => Int16Array.from(numbers),
    U16: () => Uint16Array.from(numbers),
    I8: () => Int8Array.from(numbers),
  };
  return { dtype, shape, bytes: bytesOf(arrays[dtype]?.() ?? Uint8Array.from(numbers)) };
}

/** The bits of a float32 that f16 has exactly, as f16. */
function half(bits: number): number {
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const sign = (bits >>> 16) & 0x8000;
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

/** A safetensors file of these tensors. */
export function typedFile(tensors: Record<string, TypedTensor>, metadata?: unknown): Uint8Array {
  const header: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  const parts: number[] = [];
  for (const [name, { dtype, shape, bytes }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [parts.length, parts.length + bytes.length] };
    for (const byte of bytes) parts.push(byte);
  }
  return handmadeFile(header, Uint8Array.from(parts));
}

/** A module of the UNet with random numbers that every float type has exactly. */
export function madeModule(path: string, rank: number, alpha: number, random: Philox): MadeModule {
  const site = loraSites(config, ['attention', 'feedForward', 'convolutions', 'projections']).find(
    ({ modules }) => modules.includes(path),
  )!;
  const { inFeatures, outFeatures, taps, pointwise } = site;
  const numbers = (count: number) => Array.from({ length: count }, () => (random.int(129) - 64) / 64);
  const A = numbers(rank * inFeatures * taps);
  return { path, inFeatures, outFeatures, taps, pointwise, rank, alpha, A, B: numbers(outFeatures * rank) };
}

/** Paths of the modules of these groups. */
export function pathsOf(targets: readonly LoraTarget[]): string[] {
  return loraSites(config, targets).flatMap(({ modules }) => modules);
}

/** Shapes of a module's matrices in files; linear layers with two more sizes of 1 when `wide`. */
export function shapesOf(
  { rank, inFeatures, outFeatures, taps }: MadeModule,
  wide = false,
): { down: number[]; up: number[] } {
  if (taps > 1) return { down: [rank, inFeatures, 3, 3], up: [outFeatures, rank, 1, 1] };
  const ones = wide ? [1, 1] : [];
  return { down: [rank, inFeatures, ...ones], up: [outFeatures, rank, ...ones] };
}

/** scale·B·A of a module, [out, in·taps]. */
export function updateOf(
  { rank, A, B, inFeatures, outFeatures, taps }: MadeModule,
  scale: number,
): Float64Array {
  return product(A, B, rank, inFeatures * taps, outFeatures, scale);
}

/** The updates of an adapter by module. */
export function updatesOf({ rank, alpha, modules }: UNet2DAdapter): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(modules).map(([path, { A, B, inFeatures, outFeatures, taps }]) => [
      path,
      product(A, B, rank, inFeatures * taps, outFeatures, alpha / rank),
    ]),
  );
}

function product(
  A: ArrayLike<number>,
  B: ArrayLike<number>,
  rank: number,
  width: number,
  outFeatures: number,
  scale: number,
): Float64Array {
  const update = new Float64Array(outFeatures * width);
  for (let o = 0; o < outFeatures; o++)
    for (let r = 0; r < rank; r++)
      for (let i = 0; i < width; i++) update[o * width + i]! += scale * B[o * rank + r]! * A[r * width + i]!;
  return update;
}
