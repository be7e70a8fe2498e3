import { createStore } from 'zustand/vanilla';
import type { EnginePhoto } from '../../engine/protocol.ts';
import { type Library, openLibrary } from '../../library/library.ts';
import { photoPixels } from '../../library/pixels.ts';
import type { TrashedSubject } from '../../library/records/subjects.ts';
import type { AdapterRecord, Photo, PhotoRole, RunRecord, Subject } from '../../library/types.ts';

/** Name of the setting that remembers which subject was open. */
const OPEN_SUBJECT = 'open-subject';

/** What the page shows of the library: all subjects, and everything of the one that is open. */
export interface LibraryState {
  library: Library | null;
  /** What the user must know about storage. */
  notice: string | null;
  subjects: Subject[];
  trash: TrashedSubject[];
  current: Subject | null;
  /** Photos of the open subject, all roles. */
  photos: Photo[];
  /** When each photo's mask was last changed, by photo id; absent when there is none. */
  maskVersion: Record<string, number>;
  adapters: AdapterRecord[];
  runs: RunRecord[];
}

const EMPTY = { photos: [], maskVersion: {}, adapters: [], runs: [] };

/** The library as the page sees it. Panels write through `library` and then call `refresh`. */
export const libraryStore = createStore<LibraryState>(() => ({
  library: null,
  notice: null,
  subjects: [],
  trash: [],
  current: null,
  ...EMPTY,
}));

/** The open library; throws before `startLibrary` has finished. */
export function theLibrary(): Library {
  const { library } = libraryStore.getState();
  if (!library) throw new Error('The library is not open yet.');
  return library;
}

/** Open the library and the subject that was open last. */
export async function startLibrary(): Promise<void> {
  const library = await openLibrary();
  libraryStore.setState({ library, notice: library.notice ?? null });
  const last = await library.settings.get(OPEN_SUBJECT);
  await refresh();
  const { subjects } = libraryStore.getState();
  const open = subjects.find(({ id }) => id === last) ?? subjects[0];
  if (open) await openSubject(open.id);
}

/** Open a subject, or none. */
export async function openSubject(id: string | null): Promise<void> {
  const library = theLibrary();
  const current = id ? ((await library.subjects.get(id)) ?? null) : null;
  libraryStore.setState({ current, ...EMPTY });
  await library.settings.set(OPEN_SUBJECT, current?.id ?? null);
  await refresh();
}

let refreshing: Promise<void> | undefined;
let again = false;

/** Read what is shown from storage; calls while one runs are joined into one more. */
export function refresh(): Promise<void> {
  if (refreshing) {
    again = true;
    return refreshing;
  }
  refreshing = (async () => {
    do {
      again = false;
      await readAll();
    } while (again);
  })().finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function readAll(): Promise<void> {
  const library = theLibrary();
  const [subjects, trash] = await Promise.all([library.subjects.list(), library.subjects.listTrash()]);
  const id = libraryStore.getState().current?.id;
  const current = subjects.find((subject) => subject.id === id) ?? null;
  if (!current) {
    libraryStore.setState({ subjects, trash: trash, current, ...EMPTY });
    return;
  }
  const [photos, masks, adapters, runs] = await Promise.all([
    library.photos.list(current.id),
    library.masks.list(current.id),
    library.adapters.list(current.id),
    library.runs.list(current.id),
  ]);
  if (libraryStore.getState().current?.id !== current.id) return;
  const maskVersion = Object.fromEntries(masks.map(({ photoId, updatedAt }) => [photoId, updatedAt]));
  libraryStore.setState({
    subjects,
    trash: trash,
    current,
    photos,
    maskVersion,
    adapters: adapters.toSorted((a, b) => b.createdAt - a.createdAt),
    runs: runs.toSorted((a, b) => b.createdAt - a.createdAt),
  });
}

/** Photos of the open subject in a role. */
export function photosIn(role: PhotoRole, { photos }: LibraryState = libraryStore.getState()): Photo[] {
  return photos.filter((photo) => photo.role === role);
}

/** Name of a photo's pixels in the engine's caches. */
export function photoKey({ id, contentHash }: Photo): string {
  return `${id}:${contentHash.slice(0, 12)}`;
}

/** A photo decoded for the engine, with its mask where there is one. */
export async function enginePhoto(photo: Photo): Promise<EnginePhoto> {
  const library = theLibrary();
  const [pixels, mask] = await Promise.all([photoPixels(library, photo), library.masks.get(photo)]);
  return { key: photoKey(photo), pixels, ...(mask ? { mask } : {}) };
}

/** Whether a photo is a generated positive that is kept; drawn backgrounds are not. */
export function isKeptPicture({ role, generated }: Photo): boolean {
  return role === 'generated' && generated?.kept === true;
}

/** The generated pictures that are kept, decoded. */
export async function generatedPictures(): Promise<EnginePhoto[]> {
  return Promise.all(photosIn('generated').filter(isKeptPicture).map(enginePhoto));
}

/** All photos of a role, decoded. */
export async function enginePhotos(role: PhotoRole): Promise<EnginePhoto[]> {
  return Promise.all(photosIn(role).map(enginePhoto));
}
