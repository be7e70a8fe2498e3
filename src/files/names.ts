/**
 * A name in the form in which names are compared: macOS stores `é` as two characters (NFD), Windows and Linux as one (NFC),
 * and a folder copied from one to the other keeps what it had.
 */
export function nameKey(name: string): string {
  return name.normalize('NFC');
}

/** Whether two names are one name to their user. */
export function sameName(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folder of a path; empty for a file that lies in none. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A file name without its extension. A name that is all extension, such as `.jpg`, stays as it is. */
export function stemOf(fileName: string): string {
  return fileName.replace(/(?<=.)\.[^.]*$/, '');
}
