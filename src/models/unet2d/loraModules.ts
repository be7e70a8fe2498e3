import type { LoraSite } from './loraSites.ts';
import { tapsFirst } from './weights.ts';

/** The two matrices of one of diffusers' modules. */
export interface LoraPair {
  /** [r, in], or [r, in, 3, 3] for a convolution. */
  A: Float32Array;
  /** [out, r] */
  B: Float32Array;
  inFeatures: number;
  outFeatures: number;
  /** 9 for a 3×3 convolution, 1 for a linear layer. */
  taps: number;
  /** Whether its layer is a 1×1 convolution. */
  pointwise?: boolean;
}

/**
 * The matrices of a site as the kernels take them: a [parts·r, in] and b [parts·out, r]; of a convolution a as
 * [taps, in, r] and b as [r, out], both convolution weights with channels last.
 */
export interface LoraModule {
  a: Float32Array;
  b: Float32Array;
}

/** diffusers' modules from the sites' matrices. */
export function splitModules(
  sites: readonly LoraSite[],
  read: ReadonlyMap<string, LoraModule>,
  rank: number,
): Record<string, LoraPair> {
  const modules: Record<string, LoraPair> = {};
  for (const { path, modules: names, inFeatures, outFeatures, taps, pointwise } of sites) {
    const { a, b } = read.get(path)!;
    const sizes = { inFeatures, outFeatures, taps, ...(pointwise ? { pointwise } : {}) };
    if (taps > 1) {
      modules[path] = {
        A: tapsLast(a, rank, inFeatures, taps),
        B: transposed(b, rank, outFeatures),
        ...sizes,
      };
      continue;
    }
    names.forEach((name, i) => {
      modules[name] = {
        A: a.slice(i * rank * inFeatures, (i + 1) * rank * inFeatures),
        B: b.slice(i * outFeatures * rank, (i + 1) * outFeatures * rank),
        ...sizes,
      };
    });
  }
  return modules;
}

/**
 * The sites' matrices from diffusers' modules; zeros where a module is missing.
 * @throws Error naming a module whose matrices do not fit
 */
export function joinModules(
  sites: readonly LoraSite[],
  modules: Readonly<Record<string, LoraPair>>,
  rank: number,
): Map<string, LoraModule> {
  const joined = new Map<string, LoraModule>();
  for (const { path, modules: names, inFeatures, outFeatures, taps, parts } of sites) {
    const a = new Float32Array(parts * rank * inFeatures * taps);
    const b = new Float32Array(parts * outFeatures * rank);
    names.forEach((name, i) => {
      const pair = modules[name];
      if (!pair) return;
      if (pair.A.length !== a.length / parts || pair.B.length !== b.length / parts) {
        throw new Error(
          `the adapter's ${name} has ${pair.A.length} and ${pair.B.length} numbers; this generator's takes ${a.length / parts} and ${b.length / parts}`,
        );
      }
      if (taps > 1) {
        a.set(tapsFirst(pair.A, rank, inFeatures, taps));
        b.set(transposed(pair.B, outFeatures, rank));
      } else {
        a.set(pair.A, i * pair.A.length);
        b.set(pair.B, i * pair.B.length);
      }
    });
    joined.set(path, { a, b });
  }
  return joined;
}

/** [taps, in, out] → [out, in, taps]. */
function tapsLast(values: Float32Array, out: number, from: number, taps: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let t = 0; t < taps; t++)
    for (let c = 0; c < from; c++)
      for (let o = 0; o < out; o++) turned[(o * from + c) * taps + t] = values[(t * from + c) * out + o]!;
  return turned;
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j]!;
  return turned;
}
