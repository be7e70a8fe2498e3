import { baseName, foldersOf, maskStem, nameKey, stemOf } from '../names.ts';
import { withoutPictureEnding } from '../pictures.ts';

/** A file that may be a picture, on its way to its place in a data set. */
export interface Entry {
  /** As it is on the disk. */
  path: string;
  /** Folders above it, outermost first, without those that only say "pictures" or "masks"; names in NFC. */
  folders: string[];
  /** File name in NFC. */
  file: string;
  isMask: boolean;
}

/** A file before anything is known of it. */
export function entryOf(path: string): Entry {
  return { path, folders: foldersOf(nameKey(path)), file: nameKey(baseName(path)), isMask: false };
}

/** Folders and stem: what a picture and its mask have in common. */
export function pairKey(folders: readonly string[], stem: string): string {
  return [...folders, stem].join('/');
}

/**
 * Stems under which a mask may name its picture: `01.png`, `01_mask.png`, `01.jpg.png` and `01.jpg_mask.png` are of `01.jpg`.
 * The most literal first.
 */
export function maskStems(file: string): string[] {
  const [stem, short] = [stemOf(file), maskStem(file)];
  return [...new Set([stem, short, withoutPictureEnding(stem), withoutPictureEnding(short)])];
}
