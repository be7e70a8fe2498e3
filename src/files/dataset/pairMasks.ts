import type { LeftOut } from '../leftOut.ts';
import { byName, foldersOf, stemOf } from '../names.ts';
import { maskStems, pairKey } from './entry.ts';
import type { Placed } from './place.ts';

/** Why a mask is left out that no picture is called like. */
export const STRAY_MASK = 'the mask of no picture here';

/**
 * The masks of pictures, by the pictures' paths: of the same role, subject, folder and name up to the ending; then of the same
 * name anywhere in the subject's folder, if it is there once; upper and lower case count only where they must. Pictures that
 * share a name share its mask. Masks without a picture, and second masks of one, are left out.
 */
export function pairMasks(placed: readonly Placed[], leftOut: LeftOut[]): Map<string, string> {
  const pictures = placed.filter(({ isMask }) => !isMask);
  const lookups = [exactly, loosely].flatMap((fold) => [
    index(pictures, (picture) => fold(placeKey(picture))),
    index(pictures, (picture) => fold(nameOnlyKey(picture)), true),
  ]);
  const masks = new Map<string, string>();
  // Lossless masks first: of two for one picture, they are the better one.
  const sorted = placed
    .filter(({ isMask }) => isMask)
    .sort((a, b) => Number(isLossy(a.file)) - Number(isLossy(b.file)) || byName(a.path, b.path));
  for (const mask of sorted) {
    const found = find(mask, lookups);
    const free = found && spelledAlike(mask, found).filter(({ path }) => !masks.has(path));
    if (free?.length) for (const { path } of free) masks.set(path, mask.path);
    else if (found?.length)
      leftOut.push({
        path: mask.path,
        reason: `its picture has the mask ${masks.get(found[0]!.path)} already`,
      });
    else leftOut.push({ path: mask.path, reason: STRAY_MASK });
  }
  return masks;
}

/**
 * Of pictures in folders whose names are one after normalization (`Zoë` twice), those in the folder that is spelled as the
 * mask's; all where there is none.
 */
function spelledAlike(mask: Placed, found: Placed[]): Placed[] {
  const own = foldersOf(mask.path);
  const spelled = found.filter(({ path }) => own.includes(foldersOf(path).at(-1) ?? ''));
  return spelled.length ? spelled : found;
}

const exactly = (key: string): string => key;
const loosely = (key: string): string => key.toLowerCase();

type Lookup = ReadonlyMap<string, Placed[]>;

function find(mask: Placed, [exact, unique, loose, looseUnique]: readonly Lookup[]): Placed[] | undefined {
  for (const stem of maskStems(mask.file)) {
    const named = { ...mask, file: `${stem}.` };
    const found =
      exact!.get(placeKey(named)) ??
      unique!.get(nameOnlyKey(named)) ??
      loose!.get(loosely(placeKey(named))) ??
      looseUnique!.get(loosely(nameOnlyKey(named)));
    if (found) return found;
  }
  return undefined;
}

/** @param single keep only keys whose pictures are in one folder */
function index(pictures: readonly Placed[], key: (picture: Placed) => string, single = false): Lookup {
  const found = new Map<string, Placed[]>();
  for (const picture of pictures) found.set(key(picture), [...(found.get(key(picture)) ?? []), picture]);
  if (!single) return found;
  return new Map(
    [...found].filter(([, list]) => new Set(list.map(({ inner }) => inner.join('/'))).size === 1),
  );
}

function placeKey({ role, subject, inner, file }: Placed): string {
  return pairKey([role, subject, ...inner], stemOf(file));
}

function nameOnlyKey({ role, subject, file }: Placed): string {
  return pairKey([role, subject], stemOf(file));
}

function isLossy(file: string): boolean {
  return !/\.png$/i.test(file);
}
