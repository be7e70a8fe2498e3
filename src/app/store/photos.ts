import { createStore } from 'zustand/vanilla';
import type { Mask } from '../../images/types.ts';
import type { PhotoItem } from '../../library/import/into-library.ts';
import { addPhotos } from '../../library/import/into-library.ts';
import type { MaskSource, Photo, PhotoRole } from '../../library/types.ts';
import { engineStore } from './engine.ts';
import { libraryStore, photoKey, refresh, theLibrary } from './library.ts';

/** What became of one file, for the user to read. */
export interface FileReport {
  fileName: string;
  kind: 'added' | 'duplicate' | 'refused' | 'cancelled' | 'left out';
  text: string;
}

/** State of the Photos panel. */
export interface PhotosState {
  role: PhotoRole;
  /** An import that is under way. */
  importing: { done: number; total: number } | null;
  /** Results of the last import that are worth reading. */
  reports: FileReport[];
  /** Photo whose mask is being edited. */
  editing: string | null;
}

export const photosStore = createStore<PhotosState>(() => ({
  role: 'train',
  importing: null,
  reports: [],
  editing: null,
}));

let abort: AbortController | undefined;

/**
 * Import files into the open subject, one after the other; each is stored as it is read.
 * @param before what is to be said already
 */
export async function importItems(
  items: readonly PhotoItem[],
  before: readonly FileReport[] = [],
): Promise<void> {
  const { current } = libraryStore.getState();
  if (!current) return;
  if (items.length === 0) {
    photosStore.setState({ reports: [...before] });
    return;
  }
  abort?.abort();
  const controller = new AbortController();
  abort = controller;
  photosStore.setState({ importing: { done: 0, total: items.length }, reports: [...before] });
  let done = 0;
  try {
    await addPhotos(theLibrary(), current.id, items, {
      signal: controller.signal,
      onResult: (result) => {
        done++;
        const report: FileReport = result.ok
          ? { fileName: result.fileName, kind: 'added', text: result.notes.join(' ') }
          : {
              fileName: result.fileName,
              kind: result.kind,
              text: `${result.reason} ${result.remedy}`.trim(),
            };
        photosStore.setState(({ reports }) => ({
          importing: { done, total: items.length },
          reports: report.text ? [...reports, report] : reports,
        }));
        if (done % 4 === 0) void refresh();
      },
    });
  } finally {
    if (abort === controller) abort = undefined;
    photosStore.setState({ importing: null });
    await refresh();
  }
}

/** Stop the import; what is stored stays. */
export function cancelImport(): void {
  abort?.abort();
}

/** Files for the role that is open, as items to import. */
export function asItems(files: readonly File[], role: PhotoRole = photosStore.getState().role): PhotoItem[] {
  return files.map((file) => ({ file, role }));
}

/** Give a photo another role. */
export async function moveTo(photo: Photo, role: PhotoRole): Promise<void> {
  await theLibrary().photos.update(photo, { role });
  await refresh();
}

/** Remove a photo; the returned function puts it back. */
export async function removePhoto(photo: Photo): Promise<() => Promise<void>> {
  const library = theLibrary();
  const removed = await library.photos.remove(photo);
  forget(photo);
  await refresh();
  return async () => {
    await library.photos.putBack(removed);
    await refresh();
  };
}

/** Store a mask, or remove it where nothing is marked. */
export async function saveMask(photo: Photo, mask: Mask, source: MaskSource): Promise<void> {
  const library = theLibrary();
  if (mask.data.some((value) => value > 0)) await library.masks.put(photo, mask, source);
  else await library.masks.remove(photo);
  forget(photo);
  await refresh();
}

function forget(photo: Photo): void {
  void engineStore.getState().engine?.forget([photoKey(photo)]);
}
