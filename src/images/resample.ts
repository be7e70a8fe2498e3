/** Filters of antialiased resizing, named as in PIL. */
export type ResampleFilter = 'bilinear' | 'bicubic';

interface Kernel {
  /** Half width of the kernel at scale 1, in source pixels. */
  support: number;
  weight(x: number): number;
}

/** Cubic convolution parameter of PIL (OpenCV and torch's non-antialiased bicubic use −0.75). */
const A = -0.5;

const KERNELS: Record<ResampleFilter, Kernel> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    // Keys, "Cubic convolution interpolation for digital image processing", 1981.
    weight: (signed) => {
      const x = Math.abs(signed);
      if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
      return 0;
    },
  },
};

/** For each output position the first source position, and its weights (each row sums to 1). */
export interface Taps {
  /** Weights stored for each output position; those past `length[i]` are 0. */
  stride: number;
  first: Int32Array;
  length: Int32Array;
  weights: Float64Array;
}

/**
 * Weights of an antialiased resize along one axis: when shrinking, the kernel is stretched by the scale, and at the
 * borders what falls outside is left out and the rest renormalized.
 * Source: the definition that PIL's `Image.resize` follows.
 */
export function resampleTaps(sourceSize: number, targetSize: number, filter: ResampleFilter): Taps {
  const kernel = KERNELS[filter];
  const scale = sourceSize / targetSize;
  const stretch = Math.max(scale, 1);
  const support = kernel.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(targetSize);
  const length = new Int32Array(targetSize);
  const weights = new Float64Array(targetSize * stride);
  const inverse = 1 / stretch;
  for (let i = 0; i < targetSize; i++) {
    const center = (i + 0.5) * scale;
    const low = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(sourceSize, Math.trunc(center + support + 0.5)) - low;
    first[i] = low;
    length[i] = count;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = kernel.weight((k + low - center + 0.5) * inverse);
      weights[i * stride + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) weights[i * stride + k]! /= sum;
  }
  return { stride, first, length, weights };
}
