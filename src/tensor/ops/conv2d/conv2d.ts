import type { GemmProblem, Windows } from '../../../backend/families/matrix.ts';
import type { Context } from '../../context.ts';
import type { Tensor } from '../../tensor.ts';
import { ImageShapeError, imageSizes } from '../images.ts';
import { gemm } from '../matmul/gemm.ts';
import { sumColumns } from '../sumColumns.ts';
import { padImages } from './padImages.ts';

/** Options of a convolution. */
export interface Conv2dOptions {
  /** [O] */
  bias?: Tensor | undefined;
  /** Laid out like the result and added to it, as a residual connection does. */
  addend?: Tensor | undefined;
  /** 1 when left out. */
  stride?: number;
  /** Zeros on every side; 0 when left out. */
  padding?: number;
}

/**
 * Two-dimensional convolution (a correlation, as in PyTorch) with channels last.
 * @param x [N, H, W, C]
 * @param weight [kh, kw, C, O]: PyTorch's [O, C, kh, kw] permuted by (2, 3, 1, 0)
 * @returns [N, (H + 2p − kh)/s + 1, (W + 2p − kw)/s + 1, O]
 *
 * One matrix product over windows that are read in place out of a zero-padded copy of x (implicit im2col):
 * y = X·W with X [N·H'·W', kh·kw·C]. Backward: dW = Xᵀ·dy, and dx is the convolution of dy, its pixels set apart by the
 * stride, with the taps in reverse order. A frozen weight keeps no copy of x.
 * @throws ImageShapeError
 */
export function conv2d(context: Context, x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  const { bias, addend, stride = 1, padding = 0 } = options;
  const { images, height, width, channels } = imageSizes('conv2d', x);
  const [kernelHeight, kernelWidth, inChannels, outChannels] = weight.shape as [
    number,
    number,
    number,
    number,
  ];
  const outHeight = Math.floor((height + 2 * padding - kernelHeight) / stride) + 1;
  const outWidth = Math.floor((width + 2 * padding - kernelWidth) / stride) + 1;
  const shape = [images, outHeight, outWidth, outChannels];
  if (weight.shape.length !== 4 || inChannels !== channels || outHeight < 1 || outWidth < 1) {
    throw new ImageShapeError(`conv2d: weight [${weight.shape}] does not fit images [${x.shape}]`);
  }
  if ((bias && bias.size !== outChannels) || (addend && `${addend.shape}` !== `${shape}`)) {
    throw new ImageShapeError(
      `conv2d: bias [${bias?.shape}] or addend [${addend?.shape}] does not fit the result [${shape}]`,
    );
  }
  const y = context.empty(shape, 'conv2d');
  const positions = images * outHeight * outWidth;
  const taps = kernelHeight * kernelWidth;
  const forward = { height: height + 2 * padding, width: width + 2 * padding };
  const padded = (): Tensor =>
    padding === 0
      ? x
      : padImages(context, x, {
          top: padding,
          left: padding,
          outHeight: forward.height,
          outWidth: forward.width,
        });
  const windows = windowsOf(forward, channels, kernelWidth, outHeight, outWidth, stride);

  context.scope(() => {
    const problem = { ...dense(positions, outChannels, taps * channels), lda: channels, windows };
    gemm(context, problem, { a: padded(), b: weight, c: y, bias, addend, alpha: 1 });
    return undefined;
  });

  const saved = weight.requiresGrad ? [x, weight] : [weight];
  context.record('conv2d', [x, weight, bias, addend], y, saved, (dy) => {
    const dx = (): Tensor => {
      const gradient = context.empty(x.shape, 'conv2d input gradient');
      const apart = {
        height: height + kernelHeight - 1,
        width: width + kernelWidth - 1,
      };
      const spread = padImages(context, dy, {
        top: kernelHeight - 1 - padding,
        left: kernelWidth - 1 - padding,
        outHeight: apart.height,
        outWidth: apart.width,
        dilation: stride,
      });
      const reversed = reverseTaps(
        windowsOf(apart, outChannels, kernelWidth, height, width, 1),
        kernelHeight,
        kernelWidth,
      );
      const problem = {
        ...dense(images * height * width, channels, taps * outChannels),
        ...{ lda: outChannels, windows: reversed, transposeB: true, ldb: outChannels, stackB: taps },
      };
      gemm(context, problem, { a: spread, b: weight, c: gradient, alpha: 1 });
      return gradient;
    };
    const dWeight = (): Tensor => {
      const gradient = context.empty(weight.shape, 'conv2d weight gradient');
      const problem = {
        ...dense(taps * channels, outChannels, positions),
        ...{ transposeA: true, lda: channels, windows },
      };
      gemm(context, problem, { a: padded(), b: dy, c: gradient, alpha: 1 });
      return gradient;
    };
    return [
      x.requiresGrad ? dx() : undefined,
      weight.requiresGrad ? dWeight() : undefined,
      bias?.requiresGrad ? sumColumns(context, dy) : undefined,
      addend?.requiresGrad ? dy : undefined,
    ];
  });
  return y;
}

/** A product [m, k] × [k, n] of dense matrices. */
function dense(m: number, n: number, k: number): GemmProblem {
  return {
    ...{ m, n, k, batch: 1, transposeA: false, transposeB: false, lda: k, ldb: n, ldc: n },
    ...{ strideA: 0, strideB: 0, strideC: m * n },
  };
}

/** Windows of a kernel over padded images. */
function windowsOf(
  padded: { height: number; width: number },
  channels: number,
  kernelWidth: number,
  outHeight: number,
  outWidth: number,
  stride: number,
): Windows {
  const line = padded.width * channels;
  return {
    ...{ outWidth, outArea: outHeight * outWidth, imageStride: padded.height * line },
    ...{ stepDown: stride * line, step: stride * channels, channels, kernelWidth },
    ...{ tapBase: 0, tapDown: line, tapAcross: channels },
  };
}

/** The same windows with their taps from the last to the first. */
function reverseTaps(windows: Windows, kernelHeight: number, kernelWidth: number): Windows {
  const { tapDown, tapAcross } = windows;
  const tapBase = (kernelHeight - 1) * tapDown + (kernelWidth - 1) * tapAcross;
  return { ...windows, tapBase, tapDown: -tapDown, tapAcross: -tapAcross };
}
