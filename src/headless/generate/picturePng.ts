import { encodePng } from '../../images/png/encode.ts';
import type { Pixels } from '../../images/types.ts';
import { toBase64 } from '../personalize/base64.ts';

/** A picture as a PNG in base64. */
export async function picturePng(pixels: Pixels): Promise<string> {
  return toBase64(await encodePng(pixels));
}
