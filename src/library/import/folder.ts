import type { PhotoRole } from '../types.ts';
import type { PhotoItem } from './into-library.ts';
import { maskStem, stemOf } from './stem.ts';

/** Photos and masks of one subject as they lie in a folder. */
export interface SubjectFolder {
  /** Name of the subject's folder; empty for files that lie in none. */
  name: string;
  photos: PhotoItem[];
}

export interface FolderPlan {
  subjects: SubjectFolder[];
  /** Photos of `negatives` and `backgrounds` folders that belong to no one subject. */
  shared: PhotoItem[];
  /** Masks without a photo of their name. */
  strayMasks: File[];
}

const ROLES = new Map<string, PhotoRole>([
  ['train', 'train'],
  ['test', 'test'],
  ['negative', 'negative'],
  ['negatives', 'negative'],
  ['background', 'background'],
  ['backgrounds', 'background'],
]);

/** What a folder's name says of the files below it: "test_masks" are masks of test photos. */
function parseFolderName(name: string): { role: PhotoRole; isMask: boolean } | undefined {
  const lower = name.toLowerCase();
  if (lower === 'mask' || lower === 'masks') return { role: 'train', isMask: true };
  const base = lower.replace(/_masks?$/, '');
  const role = ROLES.get(base);
  return role && { role, isMask: base !== lower };
}

/** Files that operating systems leave in folders. */
function isClutter(name: string): boolean {
  return name.startsWith('.') || name === 'Thumbs.db' || name === 'desktop.ini';
}

/** Path of a file inside the folder that was picked or dropped; its name when it came alone. */
export function filePath(file: File): string {
  const dropped = file as File & { relativePath?: string; path?: string };
  const path = file.webkitRelativePath || dropped.relativePath || dropped.path || file.name;
  return path.replace(/^\.?\//, '');
}

interface Placed {
  file: File;
  subject: string;
  role: PhotoRole;
  isMask: boolean;
  /** File name without extension (and without "_mask"): what a photo and its mask share. */
  stem: string;
}

/**
 * Sort the files of a folder into subjects, roles and masks. Knows `train/<subject>/01.jpg` with
 * `train_masks/<subject>/01.png` (and `test`, `negatives`, `backgrounds` alike), the same with the subject's
 * folder above (`<subject>/train/01.jpg`), `<subject>/masks/01.png`, `01_mask.png` beside `01.jpg`, and plain
 * folders of photos, which become training photos. Clutter of operating systems is left out silently;
 * everything else is left to the importer to name.
 */
export function planFolder(files: readonly File[]): FolderPlan {
  const placed = files.filter(({ name }) => !isClutter(name)).map(place);
  const photoKeys = new Set(placed.filter(({ isMask }) => !isMask).map(keyOf));
  for (const item of placed) {
    const stem = maskStem(item.file.name);
    if (!item.isMask && stem !== item.stem && photoKeys.has(keyOf({ ...item, stem }))) {
      item.isMask = true;
      item.stem = stem;
    }
  }

  const masks = new Map(placed.filter(({ isMask }) => isMask).map((item) => [keyOf(item), item.file]));
  const plan: FolderPlan = { subjects: [], shared: [], strayMasks: [] };
  const bySubject = new Map<string, SubjectFolder>();
  for (const item of placed) {
    if (item.isMask) continue;
    const mask = masks.get(keyOf(item));
    masks.delete(keyOf(item));
    const photo: PhotoItem = mask
      ? { file: item.file, role: item.role, mask }
      : { file: item.file, role: item.role };
    const named = item.role === 'train' || item.role === 'test';
    if (!named) {
      plan.shared.push(photo);
      continue;
    }
    const subject = bySubject.get(item.subject) ?? { name: item.subject, photos: [] };
    if (!bySubject.has(item.subject)) plan.subjects.push(subject);
    bySubject.set(item.subject, subject);
    subject.photos.push(photo);
  }
  plan.strayMasks = [...masks.values()];
  return plan;
}

function keyOf({ subject, role, stem }: Pick<Placed, 'subject' | 'role' | 'stem'>): string {
  return `${subject}/${role}/${stem}`;
}

function place(file: File): Placed {
  const folders = filePath(file).split('/').slice(0, -1);
  const stem = stemOf(file.name);
  for (let i = folders.length - 1; i >= 0; i--) {
    const said = parseFolderName(folders[i]!);
    if (said) return { file, stem, ...said, subject: folders[i + 1] ?? folders[i - 1] ?? '' };
  }
  return { file, stem, subject: folders.at(-1) ?? '', role: 'train', isMask: false };
}
