import type { Storage } from '../backend.ts';

/** Images [N, H, W, C] with a multiple of four channels. */
export interface ImageKernels {
  /** x within zeros: pixel (r, c) goes to (top + r·dilation, left + c·dilation) of [N, outHeight, outWidth, C]. Outside is dropped. */
  pad(
    shape: {
      images: number;
      height: number;
      width: number;
      channels: number;
      outHeight: number;
      outWidth: number;
      top: number;
      left: number;
      dilation: number;
    },
    operands: { x: Storage; y: Storage },
  ): void;
  /** Nearest enlargement by two: x [N, H, W, C] → y [N, 2H, 2W, C]. */
  enlarge(
    shape: { images: number; height: number; width: number; channels: number },
    operands: { x: Storage; y: Storage },
  ): void;
  /** Its transpose: dx [N, H, W, C] sums the four pixels of dy [N, 2H, 2W, C]. */
  shrink(
    shape: { images: number; height: number; width: number; channels: number },
    operands: { dy: Storage; dx: Storage },
  ): void;
  /** y[n, p, c] = x[n, p, c] + t[n, c]. */
  addPerImage(
    shape: { images: number; pixels: number; channels: number },
    operands: { x: Storage; t: Storage; y: Storage },
  ): void;
  /**
   * Patches of pixels [N, C, H, W] as rows [N·⌊H/side⌋·⌊W/side⌋, C·side·side] (channel, row, column), row by row; what is right
   * of and below the last whole patch is not used.
   */
  patches(
    shape: { images: number; channels: number; height: number; width: number; side: number },
    operands: { pixels: Storage; rows: Storage },
  ): void;
}
