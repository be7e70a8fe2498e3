/** Folders that systems and programs put beside pictures: thumbnails, waste, caches. */
const FOLDERS = new Set([
  ...['@eadir', '@__thumb', '@tmp', '@recycle', '@recently-snapshot', '#recycle', '#snapshot', '__macosx'],
  ...['$recycle.bin', 'recycler', 'lost+found', 'found.000'],
  ...['system volume information', '.ipynb_checkpoints', '_gsdata_', 'node_modules', '__pycache__'],
]);

/** Files of the same kind. */
const FILES = new Set(['thumbs.db', 'ehthumbs.db', 'desktop.ini', 'icon\r', 'picasa.ini', 'zone.identifier']);

/** Catalogs of Lightroom, which are folders, and what it draws into them. */
const CATALOG = /\.lr(data|cat-data)$/;
/** What Windows and a Synology NAS keep beside a file under its name, where a copy made files of it. */
const BESIDE = /[:\uf03a](zone\.identifier|mshield)$|@syno(eastream|resource)$/;

/**
 * Whether a path is of a system and not of its user: hidden (macOS' `._` resource forks, `.DS_Store`, `.ipynb_checkpoints`,
 * `.thumbnails`), the thumbnails and waste of a NAS (`@eaDir`, `#recycle`), what macOS puts into zips (`__MACOSX`), and such.
 */
export function isClutter(path: string): boolean {
  const parts = path.toLowerCase().split('/');
  const file = parts.pop()!;
  return isHidden(file) || FILES.has(file) || BESIDE.test(file) || parts.some(isClutterFolder);
}

/** Whether a folder is one of those, by its name. */
function isClutterFolder(name: string): boolean {
  const lower = name.toLowerCase();
  return isHidden(name) || FOLDERS.has(lower) || CATALOG.test(lower);
}

function isHidden(name: string): boolean {
  return name.startsWith('.') && name !== '.' && name !== '..';
}
