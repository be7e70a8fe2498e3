import { showPrimaryOnly } from './heic-primary.ts';

/**
 * HEIC through heic-to (libheif compiled to JavaScript, LGPL-3.0), loaded only when the first HEIC file comes:
 * it is 3 MB. The `csp` build runs without `unsafe-eval`; it starts its worker from a blob URL, so the page's
 * policy must hold `worker-src 'self' blob:`.
 *
 * @returns the file's primary picture, upright: libheif applies the file's own rotation and mirroring.
 * @throws whatever heic-to rejects with (a string or an Error), for the caller to put the file's name on.
 */
export async function decodeHeic(blob: Blob): Promise<ImageBitmap> {
  const { heicTo } = await import('heic-to/csp');
  const bytes = showPrimaryOnly(new Uint8Array(await blob.arrayBuffer()));
  return heicTo({ blob: new Blob([bytes], { type: blob.type }), type: 'bitmap' });
}
