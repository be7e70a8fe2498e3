import { createStore } from 'zustand/vanilla';
import type { EvaluationSettings } from '../../engine/evaluation/protocol.ts';
import type { EnginePhoto, Which } from '../../engine/protocol.ts';
import { type Cell, PRETRAINED } from '../../evaluation/summary/cells.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import { type GalleryEntry, rankGallery } from '../../evaluation/tasks/retrieval.ts';
import { scoreSubject } from '../../evaluation/tasks/scores.ts';
import type { AdapterRecord, Photo, Subject } from '../../library/types.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import { adaptersStore, applyAdapter, applyWeights, readAdapter } from './adapters.ts';
import { sendReferences } from './compare.ts';
import { engineStore, theEngine } from './engine.ts';
import { isGeneratorLora } from './generatorLoras.ts';
import { enginePhoto, libraryStore, photoKey, theLibrary } from './library.ts';
import { recipesOf } from './recipes.ts';

/** One row of the table: the encoder as it is, or with one adapter. */
export interface EvaluatedRow extends Cell {
  /** Of the adapter; null for the pretrained encoder. */
  adapterId: string | null;
  /** Name of the adapter; the recipe says how it was made. */
  name: string;
  /** Every picture's part; `image` is a photo's id. */
  records: PictureRecord[];
}

/** What an evaluation left, kept with the subject. */
export interface EvaluationResult {
  rows: EvaluatedRow[];
  /** What was judged: encoder, photos and masks. When it is another now, the result is out of date. */
  signature: string;
  /** Subjects whose photos served as negatives, this one not counted. */
  otherSubjects: number;
  finishedAt: number;
}

/** State of the Evaluate panel. */
export interface EvaluationState {
  subjectId: string | null;
  result: EvaluationResult | null;
  progress: { done: number; total: number; row: string; secondsLeft: number | null } | null;
  error: string | null;
}

const EMPTY: EvaluationState = { subjectId: null, result: null, progress: null, error: null };
export const evaluationStore = createStore<EvaluationState>(() => EMPTY);

const settingName = (subjectId: string) => `evaluation:${subjectId}`;

/** Show what was evaluated before for a subject. */
export async function openEvaluation(subjectId: string): Promise<void> {
  cancelEvaluation();
  evaluationStore.setState({ ...EMPTY, subjectId });
  const result = (await theLibrary().settings.get<EvaluationResult>(settingName(subjectId))) ?? null;
  if (evaluationStore.getState().subjectId === subjectId) evaluationStore.setState({ result });
}

/** Adapters of the open subject that the encoder in use can be evaluated with, newest first. */
export function evaluableAdapters(): AdapterRecord[] {
  const { encoder } = engineStore.getState();
  return libraryStore
    .getState()
    .adapters.filter((adapter) => !isGeneratorLora(adapter) && adapter.encoderId === encoder?.id);
}

/** What an evaluation depends on, beside the adapters. */
export function evaluationSignature(): string {
  const { photos, maskVersion } = libraryStore.getState();
  const judged = photos.filter(({ role }) => role === 'train' || role === 'test');
  const parts = judged.map((photo) => `${photoKey(photo)}/${photo.isSubject}/${maskVersion[photo.id] ?? 0}`);
  return `${engineStore.getState().encoder?.id} ${parts.join(' ')}`;
}

let run = 0;
/** The run under way, cancelled or not: the next begins when its last picture is done and the adapter is back. */
let ending: Promise<void> = Promise.resolve();

/** Stop after the picture that is being judged; rows that are whole stay. */
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
 * Judge every test photo by the pretrained encoder and with every adapter; rows appear as they are whole. What is judged must
 * not change meanwhile: a row during which it did is dropped, and the panel says so.
 */
export function evaluate(): Promise<void> {
  const mine = ++run;
  evaluationStore.setState({
    error: null,
    progress: { done: 0, total: 1, row: PRETRAINED, secondsLeft: null },
  });
  ending = ending.then(() => (mine === run ? evaluateNow(mine) : undefined));
  return ending;
}

async function evaluateNow(mine: number): Promise<void> {
  const { current, subjects } = libraryStore.getState();
  if (!current) return;
  const others = subjects.filter(({ id }) => id !== current.id);
  const applied = adaptersStore.getState().appliedId;
  const adapters = evaluableAdapters();
  const signature = evaluationSignature();
  const rows: EvaluatedRow[] = [];
  const alive = () => mine === run;
  const recipes = recipesOf(adapters);
  try {
    await sendReferences();
    const pictures = await testPictures(current, others);
    const gallery = await galleryPhotos([current, ...others]);
    const progress = progressOf((adapters.length + 1) * pictures.length, alive);
    for (const adapter of [null, ...adapters]) {
      const about = rowOf(current.id, adapter, recipes);
      if (adapter) await applyWeights(await weightsOf(adapter), adapter.id);
      const which: Which = adapter ? 'personalized' : 'pretrained';
      const { version } = adaptersStore.getState();
      const records = await judge(which, current.id, pictures, gallery, () => progress(about.name), alive);
      if (!records) return;
      if (adapter && adaptersStore.getState().version !== version)
        throw new Error(`Another adapter came into use while ${adapter.name} was judged. Evaluate again.`);
      if (evaluationSignature() !== signature)
        throw new Error('Photos, masks or the encoder changed while they were judged. Evaluate again.');
      rows.push({ ...about, records, scores: scoreSubject(current.id, records) });
      const result = {
        ...{ rows: [...rows], signature, otherSubjects: others.length, finishedAt: Date.now() },
      };
      evaluationStore.setState({ result });
      await theLibrary().settings.set(settingName(current.id), result);
    }
  } catch (error) {
    if (alive()) evaluationStore.setState({ error: (error as Error).message });
  } finally {
    if (alive()) evaluationStore.setState({ progress: null });
    const back = libraryStore.getState().adapters.find(({ id }) => id === applied) ?? null;
    if (libraryStore.getState().current?.id === current.id) await applyAdapter(back).catch(() => {});
  }
}

async function judge(
  which: Which,
  subjectId: string,
  pictures: readonly Judged[],
  gallery: readonly { subject: string; photo: EnginePhoto }[],
  onDone: () => void,
  alive: () => boolean,
): Promise<PictureRecord[] | null> {
  const engine = theEngine();
  const entries: GalleryEntry[] = [];
  for (const { subject, photo } of gallery)
    entries.push({ subject, embedding: await engine.embed(which, photo) });
  const { encoder } = engineStore.getState();
  const settings: EvaluationSettings = {
    dense: true,
    map: { mode: 'reference', size: encoder!.inputSize, frame: 'fit' },
  };
  const records: PictureRecord[] = [];
  for (const { photo, own } of pictures) {
    if (!alive()) return null;
    const judged = await engine.judge(which, await enginePhoto(photo), own, settings);
    records.push({
      image: photo.id,
      owner: own ? subjectId : `not ${subjectId}`,
      shift: photo.shift ?? null,
      global: true,
      score: judged.score,
      retrieval: own ? rankGallery(judged.embedding, entries, subjectId) : null,
      dense: judged.dense,
    });
    onDone();
  }
  return records;
}

/** Test photos of the subject, and those of all other subjects, which count as negatives. */
async function testPictures({ name }: Subject, others: readonly Subject[]): Promise<Judged[]> {
  const own = libraryStore.getState().photos.filter(({ role }) => role === 'test');
  const list: Judged[] = own.map((photo) => ({ photo, own: photo.isSubject !== false }));
  for (const { id } of others) {
    const photos = await theLibrary().photos.list(id);
    for (const photo of photos) if (photo.role === 'test') list.push({ photo, own: false });
  }
  if (!list.some(({ own: positive }) => positive)) throw new Error(`Add test photos of ${name} first.`);
  return list;
}

/** Training photos of all subjects, which retrieval ranks. */
async function galleryPhotos(subjects: readonly { id: string }[]) {
  const gallery: { subject: string; photo: EnginePhoto }[] = [];
  for (const { id } of subjects) {
    const photos = await theLibrary().photos.list(id);
    for (const photo of photos)
      if (photo.role === 'train') gallery.push({ subject: id, photo: await enginePhoto(photo) });
  }
  return gallery;
}

function rowOf(subject: string, adapter: AdapterRecord | null, recipes: ReadonlyMap<string, string>) {
  if (!adapter) return { subject, recipe: PRETRAINED, seed: null, adapterId: null, name: 'Pretrained' };
  const { id: adapterId, name, settings } = adapter;
  const seed = (settings as Partial<TrainingSettings> | null)?.seed ?? null;
  return { subject, recipe: recipes.get(adapterId) ?? name, seed, adapterId, name };
}

async function weightsOf(adapter: AdapterRecord) {
  return readAdapter(await theLibrary().adapters.files(adapter));
}

/** Counts pictures and tells how long the rest will take. */
function progressOf(total: number, alive: () => boolean): (row: string) => void {
  const started = performance.now();
  let done = 0;
  return (row) => {
    done++;
    const secondsLeft = ((performance.now() - started) / 1000 / done) * (total - done);
    if (alive()) evaluationStore.setState({ progress: { done, total, row, secondsLeft } });
  };
}
