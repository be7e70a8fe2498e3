import { baseName } from '../../files/names.ts';

/** A path in a zip with "/" between folders, as zips should have it, without a drive or "./" before it. */
export function plainPath(name: string): string {
  return name
    .replaceAll('\\', '/')
    .replace(/^[A-Za-z]:/, '')
    .replace(/^(\.?\/)+/, '');
}

/** Entries that hold no file of the user's: folders, and what macOS and Windows add. */
export function isClutter(path: string): boolean {
  const name = baseName(path);
  if (path.endsWith('/') || path.startsWith('__MACOSX/') || path.includes('/__MACOSX/')) return true;
  return name.startsWith('._') || name === '.DS_Store' || /^(thumbs\.db|desktop\.ini)$/i.test(name);
}
