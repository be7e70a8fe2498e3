/** Folders that systems and programs put beside pictures: thumbnails, waste, caches. */
const FOLDERS = new Set([
  ...['@eadir', '@__thumb', '#recycle', '#snapshot', '__macosx', '$recycle.bin', 'lost+found'],
  ...['system volume information', '.ipynb_checkpoints', '_gsdata_', 'node_modules', '__pycache__'],
]);

/** Files of the same kind. */
const FILES = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r', 'picasa.ini']);

/**
 * Whether a path is of a system and not of its user: hidden (macOS' `._` resource forks, `.DS_Store`, `.ipynb_checkpoints`,
 * `.thumbnails`), the thumbnails and waste of a NAS (`@eaDir`, `#recycle`), what macOS puts into zips (`__MACOSX`), and such.
 */
export function isClutter(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const file = parts.pop()!;
  return isHidden(file) || FILES.has(file) || parts.some((name) => isHidden(name) || FOLDERS.has(name));
}

/** Whether a folder is one of those, by its name. */
export function isClutterFolder(name: string): boolean {
  return isHidden(name) || FOLDERS.has(name.toLowerCase());
}

function isHidden(name: string): boolean {
  return name.startsWith('.') && name !== '.' && name !== '..';
}
