import type { LeftOut } from '../leftOut.ts';
import { maskStem, stemOf } from '../names.ts';
import { withoutPictureEnding } from '../pictures.ts';
import { type Entry, maskStems, pairKey } from './entry.ts';
import { folderRole } from './roles.ts';

/** Folders that hold masks and nothing else. */
const MASKS = /^(masks?|segmentation(class|object)(aug|png|raw)?)$/;

/** Folders that hold masks where they stand for pictures beside them; else they may be anything. */
const PERHAPS_MASKS = new Set([
  ...'annotation annotations segmentation segmentations trimaps alpha silhouettes'.split(' '),
  ...'label labels gt groundtruth ground_truth ground-truth matte mattes foreground'.split(' '),
]);

/** The same where more is said: `annotations_semantics`, `masks_machine`, `_masks`; `rex_masks` beside `rex`. */
const SAYS_MASKS =
  /^(masks?|annotations?|segmentations?)[-_ ].+$|^.*([-_]masks?|[-_ ](masks|segmentations?))$/;

/** Folders of what was made of the pictures for the eye or for other ends, where they stand beside masks. */
const NOT_MASKS = /^(depths?([-_ ]?(maps?|masks?))?|masks[-_ ]human|.*visuali[sz]ations?|overlays?)$/;

/** Folders that hold the pictures of masks beside them; `jpegimages` says so by itself. */
const PICTURES = new Set([
  ...'jpegimages image images img imgs photo photos picture pictures rgb color frames'.split(' '),
]);

/** Sizes in which DAVIS keeps the same frames. */
const RESOLUTION = /^(\d{3,4}p|full-resolution)$/i;

/**
 * Tell masks from pictures by the folders they are in, and leave out of the entries' folders what only says which they are:
 * `JPEGImages/480p/dog/0.jpg` and `Annotations/480p/dog/0.png` (DAVIS), `JPEGImages/0.jpg` and `SegmentationClass/0.png`
 * (VOC), `images/0.jpg` and `annotations/trimaps/0.png`, `dog/0.jpg` and `dog/masks/0.png` are then of one place each. A
 * folder called `labels` or `annotations` is one of masks only if pictures of these names are beside it. Depth maps and
 * masks drawn for the eye beside masks (CO3D, LabelMe, Supervisely) are neither and are left out.
 */
export function markMasks(all: readonly Entry[], leftOut: LeftOut[]): Entry[] {
  const maskParents = new Set(all.flatMap(({ folders }) => parentsOf(folders, isMaskName)));
  const entries = all.filter(({ path, folders }) => {
    const at = folders.findIndex((name) => NOT_MASKS.test(name.toLowerCase()));
    const beside = at >= 0 && maskParents.has(folders.slice(0, at).join('/'));
    if (beside) leftOut.push({ path, reason: 'neither photo nor mask, by the name of its folder' });
    return !beside;
  });
  const known = new Set(entries.map(({ folders }) => folders.join('/')));
  const marked = entries.map((entry) => {
    const { folders, isMask } = withoutMarkers(entry.folders, maskParents, known);
    return { ...entry, unmarked: entry.folders, folders, isMask, sure: entry.folders.some(isMaskFolder) };
  });
  const pictures = new Set(
    marked.filter(({ isMask }) => !isMask).map(({ folders, file }) => pairKey(folders, stemOf(file))),
  );
  const paired = new Set(
    marked
      .filter(
        ({ isMask, folders, file }) =>
          isMask && maskStems(file).some((stem) => pictures.has(pairKey(folders, stem))),
      )
      .map(({ unmarked }) => unmarked.join('/')),
  );
  return marked.map(({ sure, unmarked, ...entry }) => {
    if (!entry.isMask || sure || paired.has(unmarked.join('/'))) return entry;
    return { ...entry, folders: unmarked, isMask: false };
  });
}

/**
 * Masks beside their pictures, told by their names: `01_mask.png` beside `01.jpg`. Without such a picture, it is a photo that
 * happens to be called so.
 */
export function markByName(entries: readonly Entry[]): Entry[] {
  const stems = new Set(
    entries.filter(({ isMask }) => !isMask).map(({ folders, file }) => pairKey(folders, stemOf(file))),
  );
  return entries.map((entry) => {
    const stem = maskStem(entry.file);
    const named = [stem, withoutPictureEnding(stem)].some((name) => stems.has(pairKey(entry.folders, name)));
    const isMask = stem !== stemOf(entry.file) && named;
    return entry.isMask || !isMask ? entry : { ...entry, isMask };
  });
}

/** Whether a folder of this name holds masks and nothing else. */
export function isMaskFolder(name: string): boolean {
  return MASKS.test(name.toLowerCase());
}

function isMaskName(name: string): boolean {
  const lower = name.toLowerCase();
  if (isMaskFolder(name) || PERHAPS_MASKS.has(lower)) return true;
  // Those of train_masks/ have their own place; depth maps have none.
  return SAYS_MASKS.test(lower) && !NOT_MASKS.test(lower) && folderRole(name) === undefined;
}

/** Folders (joined) that hold a folder whose name is accepted. */
function parentsOf(folders: readonly string[], accepts: (name: string) => boolean): string[] {
  return folders.flatMap((name, i) => (accepts(name) ? [folders.slice(0, i).join('/')] : []));
}

/** The folder beside one of masks that is named after it: `rex` of `rex_masks`; undefined where there is none. */
function namedAfter(name: string, above: readonly string[], known: ReadonlySet<string>): string | undefined {
  const bare = name.replace(/^masks?[-_ ]|[-_ ](masks?|segmentations?)$/gi, '');
  return bare !== name && known.has([...above, bare].join('/')) ? bare : undefined;
}

function withoutMarkers(
  folders: readonly string[],
  maskParents: ReadonlySet<string>,
  known: ReadonlySet<string>,
) {
  const kept: string[] = [];
  let isMask = false;
  let marked = false;
  for (const [i, name] of folders.entries()) {
    const lower = name.toLowerCase();
    const ofPictures =
      lower === 'jpegimages' || (PICTURES.has(lower) && maskParents.has(folders.slice(0, i).join('/')));
    if (isMaskName(name)) {
      isMask = true;
      const owner = namedAfter(name, folders.slice(0, i), known);
      if (owner !== undefined) kept.push(owner);
    } else if (!ofPictures && !(marked && RESOLUTION.test(name))) {
      kept.push(name);
      continue;
    }
    marked = true;
  }
  return { folders: kept, isMask };
}
