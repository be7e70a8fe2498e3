/** Largest file that is read, in bytes. */
export const MAX_FILE_BYTES = 80e6;
/** Largest picture that is decoded, in pixels: decoded it takes 4 bytes a pixel. */
export const MAX_PIXELS = 100e6;
/** Longest side that is kept, in pixels; the encoders look at a few hundred. */
export const MAX_SIDE = 2048;

/** Size to store a picture at: itself, or scaled so that the longest side is `maxSide`. */
export function fitWithin(width: number, height: number, maxSide: number): { width: number; height: number } {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
