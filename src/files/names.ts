/**
 * A name in the form in which names are compared: macOS stores `é` as two characters (NFD), Windows and Linux as one (NFC),
 * and a folder copied from one to the other keeps what it had.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC');
}

/** Order of names: by their characters, so that it is the same on every machine. */
export function byName(a: string, b: string): number {
  const [first, second] = [nameKey(a), nameKey(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders that a path leads through, from the outermost. */
export function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}

/** A file name without its extension. A name that is all extension, such as `.jpg`, stays as it is. */
export function stemOf(fileName: string): string {
  return fileName.replace(/(?<=.)\.[^.]*$/, '');
}

const SAYS_MASK = /^(masks?)[-_. ](?=.)|(?<=.)[-_. ](masks?|masklabel|seg|segmentation|matte|trimap|gt)$/i;

/** What the name of a mask shares with its photo's: the stem without `_mask`, `mask_` and the like. */
export function maskStem(fileName: string): string {
  return stemOf(fileName).replace(SAYS_MASK, '');
}
