import type { EnginePhoto } from '../../engine/protocol.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { coverage } from '../../images/mask/interpret.ts';
import { COVERS_ALL, readMask } from '../../images/mask/read.ts';
import { requireFit } from '../../images/mask/size.ts';
import type { Mask, Pixels } from '../../images/types.ts';
import { WHOLE } from '../../personalize/positives/cutout.ts';

/** Addresses of one picture and, where there is one, its mask. */
export interface ImageUrls {
  /** What the picture is called in messages and results. */
  name: string;
  image: string;
  mask?: string;
  /** What the mask is called in messages; the last part of its address when left out. */
  maskName?: string;
}

/** A photo that could be read, with the name it was asked for by. */
export interface NamedPhoto {
  name: string;
  photo: EnginePhoto;
}

/** Fetch and decode a picture and its mask; a mask that cannot be used is told, and the picture goes without. */
async function loadPhoto(
  { name, image, mask, maskName }: ImageUrls,
  onProblem: (message: string) => void,
  onNote: (note: string) => void,
): Promise<EnginePhoto> {
  const pixels = await loadPixels(image, name);
  const photo: EnginePhoto = { key: image, pixels };
  if (!mask) return photo;
  try {
    photo.mask = await loadMask(mask, maskName ?? fileNameOf(mask), name, pixels, onNote);
  } catch (error) {
    onProblem(`the mask of ${name} is left out: ${problemOf(error)}`);
  }
  return photo;
}

function fileNameOf(url: string): string {
  const name = url.slice(url.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * Why a picture or mask cannot be used and, where that is known, what to do.
 * @param name what the sentence has named already
 */
export function problemOf(error: unknown, name?: string): string {
  const { message, remedy } = error as { message: string; remedy?: string };
  const reason =
    name !== undefined && message.startsWith(`${name} `) ? `it ${message.slice(name.length + 1)}` : message;
  return remedy && !reason.includes(remedy) ? `${reason} ${remedy.replace(/[^.]$/, '$&.')}` : reason;
}

/** Fetch and decode a picture, at most 1024 pixels on its longer side. */
export async function loadPixels(url: string, name: string): Promise<Pixels> {
  const { pixels } = await decodeImage(await fetchBlob(url), name, { maxSide: 1024 });
  return pixels;
}

/**
 * Fetch and decode many pictures. Those that cannot be read are told and left out; the others keep their own names. How a
 * mask was read is told once for all of which it holds.
 * @returns in the order of the list
 */
export async function loadPhotos(
  list: readonly ImageUrls[],
  onProblem: (message: string) => void,
): Promise<NamedPhoto[]> {
  const photos: NamedPhoto[] = [];
  const noted = new Map<string, string[]>();
  for (const urls of list) {
    const note = (text: string) => noted.set(text, [...(noted.get(text) ?? []), urls.name]);
    try {
      photos.push({ name: urls.name, photo: await loadPhoto(urls, onProblem, note) });
    } catch (error) {
      onProblem(`${urls.name} is left out: ${problemOf(error, urls.name)}`);
    }
  }
  for (const [note, [first, ...more]] of noted) {
    onProblem(`the mask of ${first}${more.length ? `, and ${more.length} more` : ''}: ${note}.`);
  }
  return photos;
}

/**
 * Photos to train on, without their names. A mask that covers the whole photo parts nothing from nothing: it is told, and the
 * photo goes without.
 */
export function trainingPhotos(
  named: readonly NamedPhoto[],
  onProblem: (message: string) => void,
): EnginePhoto[] {
  return named.map(({ name, photo: { mask, ...photo } }) => {
    if (!mask) return photo;
    if (coverage(mask) <= WHOLE) return { ...photo, mask };
    onProblem(`the mask of ${name} is left out: it covers the whole photo.`);
    return photo;
  });
}

/** The photos without their names. */
export function photosOf(named: readonly NamedPhoto[]): EnginePhoto[] {
  return named.map(({ photo }) => photo);
}

/**
 * Fetch and read the mask of a photo, by the rules of the page (`readMask`); its size stays its own.
 * @param onNote how it was read, where that is not plain
 * @throws ImageFileError, MaskSizeError when it does not have the photo's shape; both name the mask
 */
export async function loadMask(
  url: string,
  name: string,
  photoName: string,
  photo: Pixels,
  onNote: (note: string) => void,
): Promise<Mask> {
  const { mask, notes } = await readMask(await fetchBlob(url), name);
  requireFit(name, mask, photoName, photo);
  for (const note of notes) if (note !== COVERS_ALL) onNote(note);
  return mask;
}

async function fetchBlob(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.blob();
}
