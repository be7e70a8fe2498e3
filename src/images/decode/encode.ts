import type { Pixels } from '../types.ts';

/** Formats that photos are stored in; both are written without any metadata. */
export type StoredType = 'image/jpeg' | 'image/png';

/** JPEG quality of stored photos. */
export const JPEG_QUALITY = 0.95;

/** Encode pixels as a metadata-free PNG (lossless) or JPEG. JPEG has no alpha: flatten first. */
export async function encodeImage(pixels: Pixels, type: StoredType): Promise<Blob> {
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`no 2D canvas of ${pixels.width} × ${pixels.height} to be had`);
  context.putImageData(new ImageData(pixels.data, pixels.width, pixels.height), 0, 0);
  const blob = await canvas.convertToBlob({ type, quality: JPEG_QUALITY });
  // A canvas answers in PNG when it does not know the type asked for; then the bytes are not what we say they are.
  if (blob.type !== type) throw new Error(`this browser cannot write ${type}`);
  return blob;
}
