import { decodeImage } from '../images/decode/decode.ts';
import type { Pixels } from '../images/types.ts';
import type { Library } from './library.ts';
import type { Photo } from './types.ts';

/**
 * The pixels of a stored photo, RGBA at the photo's size. Always these and not those of the file that was
 * imported, so that a run started after a reload sees the same numbers.
 *
 * @throws MissingRecordError when the photo is gone; ImageFileError when its bytes are damaged
 */
export async function photoPixels(library: Library, photo: Photo): Promise<Pixels> {
  return (await decodeImage(await library.photos.blob(photo), photo.name)).pixels;
}
