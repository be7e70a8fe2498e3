import type { EnginePhoto } from '../../engine/protocol.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { decodePng } from '../../images/png/decode.ts';
import type { Mask, Pixels } from '../../images/types.ts';

/** Addresses of one picture and, where there is one, its mask. */
export interface ImageUrls {
  name: string;
  image: string;
  mask?: string;
}

/** Fetch and decode a picture and its mask; any value above 0 is object. */
async function loadPhoto({ name, image, mask }: ImageUrls): Promise<EnginePhoto> {
  const pixels = await loadPixels(image, name);
  return { key: image, pixels, mask: mask ? await loadMask(mask, name) : undefined };
}

/** Fetch and decode a picture, at most 1024 pixels on its longer side. */
export async function loadPixels(url: string, name: string): Promise<Pixels> {
  const { pixels } = await decodeImage(await fetchBlob(url), name, { maxSide: 1024 });
  return pixels;
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

/** Values above this are object in masks stored as JPEG, whose zeros are not exact. */
const LOSSY_THRESHOLD = 127;

/** Fetch and decode a mask. In a PNG any value above 0 is object (method §2.5). */
export async function loadMask(url: string, name: string): Promise<Mask> {
  const blob = await fetchBlob(url);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (isPng(bytes)) return maskOf(decodePng(bytes), 0);
  const { pixels } = await decodeImage(blob, name, { maxSide: 4096 });
  return maskOf(pixels, LOSSY_THRESHOLD);
}

function maskOf({ width, height, data }: Pixels, above: number): Mask {
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    if (data[i * 4]! > above || data[i * 4 + 1]! > above || data[i * 4 + 2]! > above) mask[i] = 255;
  }
  return { width, height, data: mask };
}

function isPng(bytes: Uint8Array): boolean {
  return bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.blob();
}
