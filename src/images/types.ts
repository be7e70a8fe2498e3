/** An 8-bit RGBA image, row-major, 4 bytes a pixel; the same layout as the DOM's ImageData. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray<ArrayBuffer>;
}

/** A one-channel mask, row-major, 1 byte a pixel. Any value above 0 is object; binary masks use 0 and 255. */
export interface Mask {
  width: number;
  height: number;
  data: Uint8Array<ArrayBuffer>;
}
