import type { EnginePhoto } from '../../engine/protocol.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { decodePng } from '../../images/png/decode.ts';
import type { Mask } from '../../images/types.ts';

/** Addresses of one picture and, where there is one, its mask. */
export interface ImageUrls {
  name: string;
  image: string;
  mask?: string;
}

/** Fetch and decode a picture and its mask; any value above 0 is object. */
export async function loadPhoto({ name, image, mask }: ImageUrls): Promise<EnginePhoto> {
  const { pixels } = await decodeImage(await fetchBlob(image), name, { maxSide: 1024 });
  return { key: image, pixels, mask: mask ? await loadMask(mask) : undefined };
}

/** Fetch and decode many pictures; those that cannot be read are told and left out. */
export async function loadPhotos(
  list: readonly ImageUrls[],
  onProblem: (message: string) => void,
): Promise<EnginePhoto[]> {
  const photos: EnginePhoto[] = [];
  for (const urls of list) {
    try {
      photos.push(await loadPhoto(urls));
    } catch (error) {
      onProblem(`${urls.name} is left out: ${(error as Error).message}`);
    }
  }
  return photos;
}

async function loadMask(url: string): Promise<Mask> {
  const bytes = new Uint8Array(await (await fetchBlob(url)).arrayBuffer());
  const { width, height, data } = decodePng(bytes);
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    if (data[i * 4]! > 0 || data[i * 4 + 1]! > 0 || data[i * 4 + 2]! > 0) mask[i] = 255;
  }
  return { width, height, data: mask };
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.blob();
}
