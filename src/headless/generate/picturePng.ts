import type { Pixels } from '../../images/types.ts';
import { toBase64 } from '../personalize/base64.ts';

/** A picture as a PNG in base64. */
export async function picturePng({ width, height, data }: Pixels): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return toBase64(new Uint8Array(await blob.arrayBuffer()));
}
