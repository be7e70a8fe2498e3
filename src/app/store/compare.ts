import { createStore } from 'zustand/vanilla';
import type { DenseMap, HoverMap, MapSettings, Which } from '../../engine/protocol.ts';
import type { Photo } from '../../library/types.ts';
import { engineStore, theEngine } from './engine.ts';
import { latestOnly } from './latestOnly.ts';
import { enginePhoto, libraryStore, photoKey, photosIn } from './library.ts';

/** Maps of one photo by one choice of settings. */
export interface ComparedPhoto {
  photoId: string;
  maps: DenseMap[];
}

/** What the summary says of one test photo. */
export interface SummaryRow {
  photoId: string;
  name: string;
  isSubject: boolean;
  maps: Record<Which, Pick<DenseMap, 'score' | 'patchAp' | 'iou'> | undefined>;
}

/** The patch under the pointer and its similarity to the open photos. */
export interface Hover {
  photoId: string;
  patch: number;
  maps: HoverMap[];
}

/** State of the Compare panel. */
export interface CompareState {
  mode: MapSettings['mode'];
  /** Input size in multiples of the encoder's own. */
  scale: 1 | 2;
  opacity: number;
  showMask: boolean;
  showBox: boolean;
  selectedId: string | null;
  /** A photo of another subject, looked at beside this one's. */
  guest: Photo | null;
  /** Maps of the selected photo; kept while newer ones are computed. */
  compared: ComparedPhoto | null;
  busy: boolean;
  error: string | null;
  hovering: boolean;
  hover: Hover | null;
  summary: { rows: SummaryRow[]; done: number; total: number; running: boolean } | null;
}

/** The Compare panel's state at the start and after another subject was opened. */
const INITIAL: CompareState = {
  mode: 'reference',
  scale: 2,
  opacity: 0.65,
  showMask: false,
  showBox: false,
  selectedId: null,
  guest: null,
  compared: null,
  busy: false,
  error: null,
  hovering: false,
  hover: null,
  summary: null,
};

export const compareStore = createStore<CompareState>(() => INITIAL);

/** Photos that can be compared: the test photos, else the training photos, so that there is always something to see. */
export function comparablePhotos(photos: readonly Photo[]): Photo[] {
  const tests = photos.filter(({ role }) => role === 'test');
  return tests.length ? tests : photos.filter(({ role }) => role === 'train');
}

/** Forget everything of the subject before. */
export function resetCompare(): void {
  const { mode, scale, opacity, showMask, showBox } = compareStore.getState();
  cancelSummary();
  referencesSent = '';
  compareStore.setState({ ...INITIAL, mode, scale, opacity, showMask, showBox });
}

/** Settings that maps are made with now. */
function mapSettings(): MapSettings {
  const { mode, scale } = compareStore.getState();
  return { mode, size: inputSize(scale), frame: 'fit' };
}

/** Finer maps cost four times the work: the default only where there is a graphics card. */
engineStore.subscribe(({ status }, { status: before }) => {
  if (status && !before) compareStore.setState({ scale: status.compute.traits.onCpu ? 1 : 2 });
});

function inputSize(scale: number): number {
  const { encoder } = engineStore.getState();
  return scale * (encoder?.inputSize ?? 128);
}

let referencesSent = '';

/** Tell the engine what maps refer to, if that changed. */
export async function sendReferences(): Promise<void> {
  const { maskVersion } = libraryStore.getState();
  const photos = photosIn('train');
  const signature = photos.map((photo) => `${photoKey(photo)}/${maskVersion[photo.id] ?? 0}`).join(' ');
  if (signature === referencesSent) return;
  await theEngine().setReferences(await Promise.all(photos.map(enginePhoto)));
  referencesSent = signature;
}

const compute = latestOnly(async (photo: Photo): Promise<void> => {
  compareStore.setState({ busy: true, error: null });
  try {
    await sendReferences();
    const { mask, ...bare } = await enginePhoto(photo);
    // The mask of another subject's photo says nothing of where this one is.
    const { guest } = compareStore.getState();
    const own = photo.id !== guest?.id && mask;
    const maps = await theEngine().maps({ ...bare, ...(own ? { mask: own } : {}) }, mapSettings());
    if (compareStore.getState().selectedId === photo.id)
      compareStore.setState({ compared: { photoId: photo.id, maps } });
  } catch (error) {
    compareStore.setState({ error: (error as Error).message });
  } finally {
    compareStore.setState({ busy: false });
  }
});

/** Show a photo: computes its maps unless an older request is under way, which is then followed by this one. */
export function selectPhoto(photo: Photo): void {
  const { compared, guest } = compareStore.getState();
  const known = libraryStore.getState().photos.some(({ id }) => id === photo.id);
  compareStore.setState({
    selectedId: photo.id,
    guest: known ? guest : { ...photo, isSubject: false },
    hover: null,
    compared: compared?.photoId === photo.id ? compared : null,
  });
  compute(photo);
}

/** Compute again (other settings, another adapter, changed masks). */
export function recompute(): void {
  const { selectedId, guest } = compareStore.getState();
  const photo = libraryStore.getState().photos.find(({ id }) => id === selectedId);
  if (photo) compute(photo);
  else if (guest && guest.id === selectedId) compute(guest);
}

const askHover = latestOnly(
  async ({ photo, patch, open }: { photo: Photo; patch: number; open: Photo[] }) => {
    const size = inputSize(compareStore.getState().scale);
    const request = { key: photoKey(photo), patch, open: open.map(photoKey), size };
    const maps = await theEngine()
      .hover(request)
      .catch(() => []);
    if (compareStore.getState().hovering)
      compareStore.setState({ hover: { photoId: photo.id, patch, maps } });
  },
);

/** Ask for the similarity of a patch to all open photos; the latest request wins. */
export function hoverPatch(photo: Photo, patch: number, open: Photo[]): void {
  if (!compareStore.getState().hovering) return;
  askHover({ photo, patch, open });
}

/** Turn hover maps on or off. */
export function setHovering(hovering: boolean): void {
  compareStore.setState({ hovering, hover: null });
}

let summaryRun = 0;

/** Score every comparable photo by both sets of weights, one after the other. */
export async function summarize(): Promise<void> {
  const run = ++summaryRun;
  const photos = comparablePhotos(libraryStore.getState().photos);
  const rows: SummaryRow[] = [];
  const show = (running: boolean) => {
    if (run === summaryRun) {
      compareStore.setState({
        summary: { rows: [...rows], done: rows.length, total: photos.length, running },
      });
    }
  };
  show(true);
  try {
    await sendReferences();
    for (const photo of photos) {
      if (run !== summaryRun) return;
      const maps = await theEngine().maps(await enginePhoto(photo), mapSettings());
      rows.push(summaryRow(photo, maps));
      show(true);
    }
  } catch (error) {
    if (run === summaryRun) compareStore.setState({ error: (error as Error).message });
  }
  show(false);
}

/** Stop scoring; what is there stays. */
export function cancelSummary(): void {
  summaryRun++;
  const { summary } = compareStore.getState();
  if (summary) compareStore.setState({ summary: { ...summary, running: false } });
}

function summaryRow(photo: Photo, maps: readonly DenseMap[]): SummaryRow {
  const of = (which: Which) => maps.find((map) => map.which === which);
  return {
    photoId: photo.id,
    name: photo.name,
    isSubject: photo.isSubject !== false,
    maps: { pretrained: of('pretrained'), personalized: of('personalized') },
  };
}
