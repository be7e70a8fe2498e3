import { isFloatDtype, toFloat32, toNumber } from '../../weights/safetensors/dtypes.ts';
import type { StoredTensor } from '../../weights/safetensors/parse.ts';
import type { LoraSite } from '../loraSites.ts';
import { UNetLoraFileError } from './errors.ts';

/** A tensor with its name in the file. */
export interface NamedTensor extends StoredTensor {
  name: string;
}

/** What a file has of one module. */
export interface ModuleTensors {
  down: NamedTensor;
  up: NamedTensor;
  mid?: NamedTensor | undefined;
}

/**
 * The rank of a module's matrices.
 * @throws UNetLoraFileError naming a tensor of rank 0, or both tensors and shapes when they do not fit the layer
 */
export function rankOf({ down, up, mid }: ModuleTensors, site: LoraSite, fileName: string): number {
  const rank = down.shape[0] ?? 0;
  const { inFeatures, outFeatures, taps } = site;
  const side = Math.sqrt(taps);
  const linear = (out: number, from: number) => [
    [out, from],
    [out, from, 1, 1],
  ];
  const downs =
    mid || taps === 1
      ? linear(rank, inFeatures)
      : [
          [rank, inFeatures, side, side],
          [rank, inFeatures * taps],
        ];
  const fits = ({ shape }: NamedTensor, shapes: number[][]) =>
    shapes.some((each) => `${each}` === `${shape}`);
  const midFits = !mid || (taps > 1 && fits(mid, [[rank, rank, side, side]]));
  if (rank > 0 && fits(down, downs) && fits(up, linear(outFeatures, rank)) && midFits) return rank;
  if (down.shape.includes(0)) {
    throw new UNetLoraFileError(
      `${fileName}: ${down.name} is [${down.shape.join(', ')}], so there is no number in it. Get or save it again.`,
    );
  }
  const given = [down, ...(mid ? [mid] : []), up].map(
    ({ name, shape }) => `${name} is [${shape.join(', ')}]`,
  );
  const wide = taps > 1 ? `, ${side}, ${side}` : '';
  throw new UNetLoraFileError(
    `${fileName}: ${given.join(' and ')}; this generator’s layer takes [rank, ${inFeatures}${wide}] and [${outFeatures}, rank${taps > 1 ? ', 1, 1' : ''}]. The LoRA was made for another generator.`,
  );
}

/**
 * Numbers of a weight.
 * @throws UNetLoraFileError naming a tensor of whole numbers or f8, or with a number that is none
 */
export function weightsOf({ name, dtype, shape: _, read }: NamedTensor, fileName: string): Float32Array {
  if (!isFloatDtype(dtype)) {
    throw new UNetLoraFileError(
      `${fileName}: ${name} has dtype ${dtype}; F32, F16, BF16 or F64 was expected. Save the LoRA again as one of these.`,
    );
  }
  const values = toFloat32(dtype, read());
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new UNetLoraFileError(
      `${fileName}: ${name} has ${Number.isNaN(wrong) ? 'NaN (not a number)' : 'an infinite number'} in it, which would turn every picture black. Choose an earlier checkpoint of it.`,
    );
  }
  return values;
}

/**
 * The number of an alpha tensor.
 * @throws UNetLoraFileError naming one that is not one finite number
 */
export function alphaOf({ name, dtype, shape, read }: NamedTensor, fileName: string): number {
  const fail = (problem: string): never => {
    throw new UNetLoraFileError(
      `${fileName}: ${name} ${problem}, so the strength of the LoRA is not known. Get or save it again.`,
    );
  };
  if (shape.some((size) => size !== 1)) return fail(`is [${shape.join(', ')}] instead of one number`);
  const alpha = toNumber(dtype, read());
  return Number.isFinite(alpha) ? alpha : fail(`is ${alpha}`);
}

/**
 * A 3×3 convolution to `rank` channels that does what a 1×1 convolution and a 3×3 one among `rank` channels do.
 * @param down [rank, in]
 * @param mid [rank, rank, taps]
 * @returns [rank, in, taps]
 */
export function joinMid(down: Float32Array, mid: Float32Array, rank: number, taps: number): Float32Array {
  const from = down.length / rank;
  const joined = new Float32Array(rank * from * taps);
  const sums = new Float64Array(from * taps);
  for (let p = 0; p < rank; p++) {
    sums.fill(0);
    for (let q = 0; q < rank; q++)
      for (let t = 0; t < taps; t++) {
        const weight = mid[(p * rank + q) * taps + t]!;
        for (let i = 0; i < from; i++) sums[i * taps + t]! += weight * down[q * from + i]!;
      }
    joined.set(sums, p * from * taps);
  }
  return joined;
}

/** `outer` blocks of `own` rows of `inner` numbers, with rows of zeros up to `rank`. */
export function padded(
  values: Float32Array,
  own: number,
  rank: number,
  inner: number,
  outer: number,
): Float32Array {
  if (own === rank) return values;
  const wide = new Float32Array(outer * rank * inner);
  for (let i = 0; i < outer; i++)
    wide.set(values.subarray(i * own * inner, (i + 1) * own * inner), i * rank * inner);
  return wide;
}
