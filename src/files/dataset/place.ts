import type { LeftOut } from '../leftOut.ts';
import { byName } from '../names.ts';
import type { Entry } from './entry.ts';
import { type FolderRole, folderRole } from './roles.ts';

/** A picture or mask with its place in the data set. */
export interface Placed extends Entry {
  role: FolderRole;
  /** Of train and test pictures; of negatives the folder they are in, or nothing. */
  subject: string;
  /** Folders below the subject's. */
  inner: string[];
}

/** A folder that holds `train/`. */
interface Root {
  folders: string[];
  /** Whether pictures lie in `train/` itself: the subject's name is above it (`dog/train/`). */
  direct: boolean;
  /** Whether pictures lie in `train/{subject}/` itself, and not only deeper. */
  exact: boolean;
}

/**
 * The folder that holds `train/{subject}/`, the layout of the paper's data sets; the shallowest, of several the first by name.
 * Undefined when pictures lie in `train/` itself, or nowhere below such a folder.
 */
export function referenceRoot(entries: readonly Entry[]): string[] | undefined {
  const roots = new Map<string, Root>();
  for (const { folders, isMask } of entries) {
    if (isMask) continue;
    for (const [at, name] of folders.entries()) {
      const said = folderRole(name);
      if (said?.role !== 'train' || said.isMask) continue;
      const own = folders.slice(0, at);
      const root = roots.get(own.join('/')) ?? { folders: own, direct: false, exact: false };
      root.direct ||= at === folders.length - 1;
      root.exact ||= at === folders.length - 2;
      roots.set(own.join('/'), root);
    }
  }
  return [...roots.values()]
    .filter(({ direct }) => !direct)
    .sort(
      (a, b) =>
        Number(b.exact) - Number(a.exact) ||
        a.folders.length - b.folders.length ||
        byName(a.folders.join('/'), b.folders.join('/')),
    )[0]?.folders;
}

/** Places in the reference layout. What lies elsewhere is left out. */
export function placeReference(
  entries: readonly Entry[],
  root: readonly string[],
  leftOut: LeftOut[],
): Placed[] {
  return entries.flatMap((entry) => {
    const { folders, path } = entry;
    const below = folders.slice(root.length);
    const [first, second] = below;
    const inside = root.every((name, i) => name === folders[i]);
    const said = inside && first !== undefined ? folderRole(first) : undefined;
    if (said?.role === 'negatives' || said?.role === 'backgrounds')
      return [{ ...entry, ...said, subject: second ?? '', inner: below.slice(2) }];
    if (said && second !== undefined) {
      const isMask = said.isMask || entry.isMask;
      return [{ ...entry, role: said.role, isMask, subject: second, inner: below.slice(2) }];
    }
    const kind = /^(.+)_negatives$/i.exec(first ?? '')?.[1];
    if (inside && kind !== undefined)
      return [{ ...entry, role: 'negatives' as const, subject: kind, inner: below.slice(1) }];
    const where = root.length ? ` of ${root.join('/')}` : '';
    leftOut.push({
      path,
      reason: `in no folder${where} that a data set has, such as train/{subject}/`,
    });
    return [];
  });
}

/**
 * Places where no folder is a data set in the reference layout: `{subject}/train/`, `{subject}/test/`, and plain folders of
 * photos, which are training photos of what their folder is called.
 * @param name of the folder that all lie in: the subject of photos that are in no other
 */
export function placePhotos(entries: readonly Entry[], name: string): Placed[] {
  const direct = new Set(
    entries.flatMap(({ folders, isMask }) => {
      const said = isMask ? undefined : folderRole(folders.at(-1) ?? '');
      return said ? [[...folders.slice(0, -1), said.role].join('/')] : [];
    }),
  );
  const depthOf = naming(entries, name);
  return entries.map((entry) => {
    const { folders } = entry;
    const at = folders.findLastIndex((folder) => folderRole(folder));
    if (at < 0) {
      const depth = depthOf(folders);
      const subject = folders[depth - 1] ?? name;
      return { ...entry, role: 'train', subject, inner: folders.slice(depth) };
    }
    const { role, isMask } = folderRole(folders[at]!)!;
    const above = folders[at - 1] ?? name;
    const subjectAbove = direct.has([...folders.slice(0, at), role].join('/'));
    const subject = subjectAbove ? above : (folders[at + 1] ?? above);
    const inner = folders.slice(at + (subjectAbove ? 1 : 2));
    return { ...entry, role, isMask: isMask || entry.isMask, subject, inner };
  });
}

/**
 * How many of a path's outermost folders name its subject: all but those of cameras and dates. Where two folders of one name
 * lie in different ones (`rex/home`, `tom/home`), the outermost folders that differ are the subjects.
 */
function naming(entries: readonly Entry[], name: string): (folders: readonly string[]) => number {
  const plain = entries
    .filter(({ folders, isMask }) => !isMask && !folders.some((folder) => folderRole(folder)))
    .map(({ folders }) => folders.slice(0, namingDepth(folders, name)));
  const homes = new Map<string, string>();
  const clash = plain.some((folders) => {
    const [last, path] = [folders.at(-1) ?? name, folders.join('/')];
    const before = homes.get(last);
    homes.set(last, path);
    return before !== undefined && before !== path;
  });
  if (!clash) return (folders) => namingDepth(folders, name);
  let common = 0;
  while (plain.every((folders) => folders.length > common && folders[common] === plain[0]![common])) common++;
  return (folders) => Math.min(common + 1, namingDepth(folders, name));
}

/** Folders that cameras and photo programs make: `DCIM/100APPLE`, `2024/2024-05-01`, `2024/05`, `2024/05 May`. */
const BY_CAMERA = /^\d{3}[A-Z0-9_]{5}$/i;
const BY_DATE = /^(photos from )?(19|20)\d\d([-_. ]?\d\d){0,2}$/i;
const BY_MONTH = /^\d{1,2}([-_. ]+\p{L}+)?$/u;

/** How many of the outermost folders name the subject: those of cameras and of dates below do not. */
function namingDepth(folders: readonly string[], name: string): number {
  let depth = folders.length;
  while (depth > 0) {
    const folder = folders[depth - 1]!;
    const above = folders[depth - 2] ?? name;
    const month = BY_MONTH.test(folder) && BY_DATE.test(above);
    // Android's; elsewhere it may be a camera.
    const android = /^camera$/i.test(folder) && /^dcim$/i.test(above);
    if (!BY_CAMERA.test(folder) && !BY_DATE.test(folder) && !month && !android) return depth;
    depth--;
  }
  return 0;
}
