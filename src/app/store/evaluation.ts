import { createStore } from 'zustand/vanilla';
import type { EvaluationSettings } from '../../engine/evaluation/protocol.ts';
import type { EnginePhoto, Which } from '../../engine/protocol.ts';
import { PRETRAINED } from '../../evaluation/summary/cells.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import { type GalleryEntry, rankGallery } from '../../evaluation/tasks/retrieval.ts';
import { scoreSubject } from '../../evaluation/tasks/scores.ts';
import type { AdapterRecord, Photo, Subject } from '../../library/types.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { adaptersStore, applyAdapter, applyWeights, fitOf, readStored } from './adapters.ts';
import { sendReferences } from './compare.ts';
import { engineStore, theEngine } from './engine.ts';
import { type EvaluatedRow, type EvaluationResult, rowsThatStay } from './evaluationResult.ts';
import { enginePhoto, libraryStore, photoKey, theLibrary } from './library.ts';
import { recipesOf } from './recipes.ts';
import { type SmallMap, shrinkMap } from './smallMap.ts';

/** State of the Evaluate panel. */
export interface EvaluationState {
  subjectId: string | null;
  /** Test and training photos of all other subjects: negatives, and what retrieval tells the subject from. */
  others: Photo[];
  result: EvaluationResult | null;
  /** `total` is 0 until the photos are read. */
  progress: { done: number; total: number; row: string; secondsLeft: number | null } | null;
  error: string | null;
}

const EMPTY: EvaluationState = { subjectId: null, others: [], result: null, progress: null, error: null };

/** Pictures after which a row under way is stored. */
const SAVE_EVERY = 20;

export const evaluationStore = createStore<EvaluationState>(() => EMPTY);

const settingName = (subjectId: string) => `evaluation:${subjectId}`;

/** Show what was evaluated before for a subject. */
export async function openEvaluation(subjectId: string): Promise<void> {
  cancelEvaluation();
  evaluationStore.setState({ ...EMPTY, subjectId });
  const result = (await theLibrary().settings.get<EvaluationResult>(settingName(subjectId))) ?? null;
  const others = await photosOfOthers(subjectId);
  if (evaluationStore.getState().subjectId === subjectId) evaluationStore.setState({ result, others });
}

/** Read the photos of the other subjects again, after one was added without opening it. */
export async function readOthers(): Promise<void> {
  const { subjectId } = evaluationStore.getState();
  if (!subjectId) return;
  const others = await photosOfOthers(subjectId);
  if (evaluationStore.getState().subjectId === subjectId) evaluationStore.setState({ others });
}

/** Test and training photos of every subject but one. */
async function photosOfOthers(subjectId: string): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const { id } of libraryStore.getState().subjects)
    if (id !== subjectId) photos.push(...(await theLibrary().photos.list(id)));
  return photos.filter(isJudged);
}

function isJudged({ role }: Photo): boolean {
  return role === 'train' || role === 'test';
}

/** Adapters of the open subject that the encoder in use can be evaluated with, newest first. */
export function evaluableAdapters(): AdapterRecord[] {
  return libraryStore.getState().adapters.filter((adapter) => fitOf(adapter) === 'same');
}

/** What an evaluation depends on, beside the adapters. */
export function evaluationSignature(): string {
  const { photos, maskVersion, current, subjects } = libraryStore.getState();
  const there = new Set(subjects.map(({ id }) => id).filter((id) => id !== current?.id));
  const parts = photos
    .filter(isJudged)
    .map((photo) => `${photoKey(photo)}/${photo.isSubject}/${maskVersion[photo.id] ?? 0}`);
  const others = evaluationStore
    .getState()
    .others.filter(({ subjectId }) => there.has(subjectId))
    .map((photo) => `${photoKey(photo)}/${photo.role}`);
  return `${engineStore.getState().encoder?.id} ${parts.join(' ')} | ${others.join(' ')}`;
}

let run = 0;
/** The run under way, cancelled or not: the next begins when its last picture is done and the adapter is back. */
let ending: Promise<void> = Promise.resolve();

/** Tells whether another subject was opened since, even if the first is open again: references in the engine were others. */
function watchSubject(id: string): { left(): boolean; stop(): void } {
  let left = false;
  const stop = libraryStore.subscribe(({ current }) => {
    left ||= current?.id !== id;
  });
  return { left: () => left, stop };
}

/** Stop after the picture that is being judged; what is judged stays, and `evaluate` goes on from there. */
export function cancelEvaluation(): void {
  run++;
  evaluationStore.setState({ progress: null });
}

/** A test picture with what is needed to judge it. */
interface Judged {
  photo: Photo;
  own: boolean;
}

/**
 * Judge every test photo by the pretrained encoder and with every adapter; rows appear as they are whole. What was judged
 * before, also of a row that was cut short, is not judged again unless nothing is missing. When photos, masks, encoder or adapter
 * change meanwhile, the picture under way is dropped and the panel says so; when another subject is opened, the row is kept as far
 * as it came.
 */
export function evaluate(): Promise<void> {
  const mine = ++run;
  evaluationStore.setState({
    error: null,
    progress: { done: 0, total: 0, row: PRETRAINED, secondsLeft: null },
  });
  ending = ending.then(() => (mine === run ? evaluateNow(mine) : undefined));
  return ending;
}

async function evaluateNow(mine: number): Promise<void> {
  const { current, subjects } = libraryStore.getState();
  if (!current) return;
  const applied = adaptersStore.getState().appliedId;
  const adapters = evaluableAdapters();
  const alive = () => mine === run;
  const subject = watchSubject(current.id);
  const recipes = recipesOf(adapters);
  try {
    const others = await photosOfOthers(current.id);
    evaluationStore.setState({ others });
    const signature = evaluationSignature();
    await sendReferences();
    const pictures = testPictures(current, others);
    const gallery = await galleryPhotos(current.id, others);
    const wanted = [null, ...adapters];
    const { result: earlier } = evaluationStore.getState();
    const kept = rowsThatStay(earlier, signature, adapters);
    const again = kept.length === wanted.length;
    const stay = new Map(again ? [] : kept.map((row) => [row.adapterId, row]));
    const begun = !again && earlier?.signature === signature ? earlier.begun : undefined;
    const known = begun && !stay.has(begun.adapterId) ? begun : undefined;
    const ready = stay.size * pictures.length + (known?.records.length ?? 0);
    const total = wanted.length * pictures.length;
    const progress = progressOf(total, ready, alive);
    if (alive())
      evaluationStore.setState({ progress: { done: ready, total, row: PRETRAINED, secondsLeft: null } });
    const rows: EvaluatedRow[] = [];
    const store = async (part?: EvaluationResult['begun']): Promise<void> => {
      const later = [...stay.values()].filter(({ adapterId }) =>
        rows.every((row) => row.adapterId !== adapterId),
      );
      const result: EvaluationResult = {
        ...{
          rows: [...rows, ...later],
          signature,
          otherSubjects: subjects.length - 1,
          finishedAt: Date.now(),
        },
        ...(part ? { begun: part } : {}),
      };
      if (evaluationStore.getState().subjectId === current.id) evaluationStore.setState({ result });
      await theLibrary().settings.set(settingName(current.id), result);
    };
    for (const adapter of wanted) {
      const about = rowOf(current.id, adapter, recipes);
      const { adapterId } = about;
      const done = stay.get(adapterId);
      if (done) {
        rows.push({ ...done, ...about });
        continue;
      }
      if (adapter) await applyWeights(await readStored(adapter), adapter.id);
      const which: Which = adapter ? 'personalized' : 'pretrained';
      const { version } = adaptersStore.getState();
      const changed = (): string | null => {
        if (adapter && adaptersStore.getState().version !== version)
          return `Another adapter came into use while ${adapter.name} was judged. Evaluate again.`;
        if (!subject.left() && evaluationSignature() !== signature)
          return 'Photos, masks or the encoder changed while they were judged. Evaluate again.';
        return null;
      };
      const before = known?.adapterId === adapterId ? known : { records: [], maps: {} };
      const records = [...before.records];
      const maps = { ...before.maps };
      let problem: string | null = null;
      for await (const { record, map } of judge(which, current.id, pictures.slice(records.length), gallery)) {
        problem = changed();
        // What was judged meanwhile may be of the other photos or weights.
        if (problem || subject.left()) break;
        records.push(record);
        if (map) maps[record.image] = map;
        if (!alive()) break;
        progress(about.name);
        if (records.length % SAVE_EVERY === 0) await store({ adapterId, records: [...records], maps });
      }
      if (records.length < pictures.length || !alive()) {
        if (records.length) await store({ adapterId, records, maps });
        if (problem && alive()) throw new Error(problem);
        return;
      }
      rows.push({ ...about, records, maps, scores: scoreSubject(current.id, records) });
      await store();
    }
    await store();
  } catch (error) {
    if (alive()) evaluationStore.setState({ error: (error as Error).message });
  } finally {
    subject.stop();
    if (alive()) evaluationStore.setState({ progress: null });
    const back = libraryStore.getState().adapters.find(({ id }) => id === applied) ?? null;
    if (libraryStore.getState().current?.id === current.id) await applyAdapter(back).catch(() => {});
  }
}

/** What one set of weights says of each picture, in turn. */
async function* judge(
  which: Which,
  subjectId: string,
  pictures: readonly Judged[],
  gallery: readonly { subject: string; photo: EnginePhoto }[],
): AsyncGenerator<{ record: PictureRecord; map: SmallMap | null }> {
  const engine = theEngine();
  const entries: GalleryEntry[] = [];
  for (const { subject, photo } of gallery)
    entries.push({ subject, embedding: await engine.embed(which, photo) });
  const { encoder } = engineStore.getState();
  const settings: EvaluationSettings = {
    dense: true,
    map: { mode: 'reference', size: encoder!.inputSize, frame: 'fit' },
  };
  for (const { photo, own } of pictures) {
    const judged = await engine.judge(which, await enginePhoto(photo), own, settings);
    const record = {
      image: photo.id,
      owner: own ? subjectId : `not ${subjectId}`,
      shift: photo.shift ?? null,
      global: true,
      score: judged.score,
      retrieval: own ? rankGallery(judged.embedding, entries, subjectId) : null,
      dense: judged.dense,
    };
    yield { record, map: judged.map && shrinkMap(judged.map) };
  }
}

/** Test photos of the subject, and those of all other subjects, which count as negatives. */
function testPictures({ name }: Subject, others: readonly Photo[]): Judged[] {
  const tests = (photos: readonly Photo[]) => photos.filter(({ role }) => role === 'test');
  const list: Judged[] = [
    ...tests(libraryStore.getState().photos).map((photo) => ({ photo, own: photo.isSubject !== false })),
    ...tests(others).map((photo) => ({ photo, own: false })),
  ];
  if (!list.some(({ own }) => own)) throw new Error(`Add test photos of ${name} first.`);
  return list;
}

/** Training photos of all subjects, which retrieval ranks. */
async function galleryPhotos(subjectId: string, others: readonly Photo[]) {
  const gallery: { subject: string; photo: EnginePhoto }[] = [];
  const own = libraryStore.getState().photos.filter((photo) => photo.subjectId === subjectId);
  for (const photo of [...own, ...others])
    if (photo.role === 'train') gallery.push({ subject: photo.subjectId, photo: await enginePhoto(photo) });
  return gallery;
}

function rowOf(subject: string, adapter: AdapterRecord | null, recipes: ReadonlyMap<string, string>) {
  if (!adapter) return { subject, recipe: PRETRAINED, seed: null, adapterId: null, name: 'Pretrained' };
  const { id: adapterId, name, settings } = adapter;
  const seed = (settings as Partial<TrainingSettings> | null)?.seed ?? null;
  return { subject, recipe: recipes.get(adapterId) ?? name, seed, adapterId, name };
}

/** Counts pictures, some of which are ready, and tells how long the rest will take. */
function progressOf(total: number, ready: number, alive: () => boolean): (row: string) => void {
  const started = performance.now();
  let made = 0;
  return (row) => {
    made++;
    const done = ready + made;
    const secondsLeft = ((performance.now() - started) / 1000 / made) * (total - done);
    if (alive()) evaluationStore.setState({ progress: { done, total, row, secondsLeft } });
  };
}
