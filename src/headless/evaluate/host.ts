import * as Comlink from 'comlink';
import { deviceName } from '../../backend/choose/ways.ts';
import { classPrompt } from '../../diffusion/captions/prompts.ts';
import { type Engine, startEngine } from '../../engine/client.ts';
import type { EvaluationSettings } from '../../engine/evaluation/protocol.ts';
import type { UNet2DAdapter } from '../../engine/generator/protocol.ts';
import type { EncoderInfo, EnginePhoto, TrainingCheckpoint, TrainingEvent } from '../../engine/protocol.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import { scoreSubject } from '../../evaluation/tasks/scores.ts';
import { negativesFor } from '../../files/dataset/readDataset.ts';
import { type Dataset, DatasetError, type DatasetSubject } from '../../files/dataset/types.ts';
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from '../../models/peft/adapterConfig.ts';
import { exportPeft } from '../../models/peft/exportPeft.ts';
import { adapterFit } from '../../models/peft/fit.ts';
import { importPeft } from '../../models/peft/importPeft.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { readFolderSource } from '../folder.ts';
import { drawImages, type OutputFile } from '../generate/learnAndDraw.ts';
import { picturePng } from '../generate/picturePng.ts';
import { toBase64 } from '../personalize/base64.ts';
import { encoderSource } from '../personalize/encoderSource.ts';
import { type GeneratedPositives, generatePool } from '../personalize/generatePool.ts';
import { loadPhotos, photosOf, trainingPhotos } from '../personalize/images.ts';
import { makeExamples } from './examples.ts';
import { galleryOf, judgeAll, type TestPicture, testPictures } from './judging.ts';
import { PictureStore } from './pictures.ts';
import { cellName, type EvaluationFile, type PlannedCell } from './plan.ts';
import type {
  CellRequest,
  CellResult,
  EvaluationSource,
  GenerateRequest,
  OpenedEvaluation,
} from './protocol.ts';
import { judgingOf, resolvedDreamBooth, resolvedTraining, settingsBehind } from './resolve.ts';

type Report = (event: unknown) => void;

/**
 * A data set opened for evaluation, in the page that `npm run evaluate` drives: one engine, whose features of the
 * pretrained encoder are kept from subject to subject.
 */
export class EvaluationHost {
  readonly #engine: Engine;
  readonly #encoder: EncoderInfo;
  readonly #dataset: Dataset;
  readonly #store: PictureStore;
  readonly #pictures: TestPicture[];
  readonly #train = new Map<string, EnginePhoto[]>();
  readonly #bundled: { negatives: EnginePhoto[]; backgrounds: EnginePhoto[] };
  readonly #report: Report;
  /** Judgements of the pretrained encoder by subject, settings and photos. */
  readonly #pretrained = new Map<string, PictureRecord[]>();
  /** What the generator learned, by subject, photos and settings: a sweep over how it draws learns once. */
  readonly #loras = new Map<string, UNet2DAdapter>();

  private constructor(
    engine: Engine,
    encoder: EncoderInfo,
    dataset: Dataset,
    store: PictureStore,
    pictures: TestPicture[],
    bundled: { negatives: EnginePhoto[]; backgrounds: EnginePhoto[] },
    report: Report,
  ) {
    this.#engine = engine;
    this.#encoder = encoder;
    this.#dataset = dataset;
    this.#store = store;
    this.#pictures = pictures;
    this.#bundled = bundled;
    this.#report = report;
  }

  /**
   * Start the engine, load the encoder, read the data set.
   * @throws DatasetError when it is none
   */
  static async open(
    source: EvaluationSource,
    report: Report,
  ): Promise<{ host: EvaluationHost; opened: OpenedEvaluation }> {
    const problem = (message: string) => report({ type: 'problem', message });
    const { dataset, told } = readFolderSource(source.folder);
    requireTests(dataset);
    const { engine } = startEngine();
    const baseUrl = new URL('.', location.href).href;
    const { compute } = await engine.start({ baseUrl, preference: source.backend });
    compute.notes.forEach(problem);
    const encoder = await engine.loadEncoder(
      await encoderSource(source.encoder),
      Comlink.proxy((progress) => report({ type: 'encoder', ...progress })),
    );
    const url = (path: string) => source.base + path.split('/').map(encodeURIComponent).join('/');
    const store = new PictureStore(url, problem);
    const pictures = testPictures(dataset.subjects, source.tests);
    const named = (urls: string[]) => urls.map((image) => ({ name: image, image }));
    const bundled = {
      negatives: photosOf(await loadPhotos(named(source.bundled.negatives), problem)),
      backgrounds: photosOf(await loadPhotos(named(source.bundled.backgrounds), problem)),
    };
    const host = new EvaluationHost(engine, encoder, dataset, store, pictures, bundled, report);
    for (const { name, train } of dataset.subjects) {
      const photos = (await store.all(train)).map((photo) => ({ name: photo.key, photo }));
      host.#train.set(name, trainingPhotos(photos, problem));
    }
    const subjects = dataset.subjects.filter(
      ({ name, part }) =>
        (source.part === null || part === source.part) &&
        host.#train.get(name)!.length > 0 &&
        pictures.some(({ owner }) => owner === name),
    );
    const opened: OpenedEvaluation = {
      device: deviceName(compute),
      encoder: encoder.id,
      dataset: { name: dataset.name, notes: dataset.notes },
      leftOut: told,
      subjects: subjects.map(({ name, className }) => ({
        ...{ name, className, train: host.#train.get(name)!.length },
        test: pictures.filter(({ owner }) => owner === name).length,
        masks: host.#train.get(name)!.some(({ mask }) => mask),
      })),
      pictures: pictures.length,
    };
    return { host, opened };
  }

  /** Judge every test picture by the encoder as it is. */
  async pretrained({ subject, baseline, file }: PlannedCell): Promise<CellResult> {
    const started = performance.now();
    await this.#engine.setReferences(this.#photos(subject, file));
    const records = await this.#before(subject, file);
    return {
      ...{ subject, recipe: baseline.recipe, seed: null, scores: scoreSubject(subject, records) },
      ...{ seconds: { training: 0, judging: (performance.now() - started) / 1000 }, loss: null },
      ...{ records, files: [], examples: [] },
    };
  }

  /** Train an adapter (or take the one that is given), then judge every test picture. */
  async cell({ cell, generated, negatives, adapter: given }: CellRequest): Promise<CellResult> {
    const { subject, recipe, seed, file } = cell;
    const started = performance.now();
    const photos = this.#photos(subject, file);
    await this.#engine.setReferences(photos);
    const before = await this.#before(subject, file);
    const files: OutputFile[] = [];
    const name = cellName(subject, recipe, seed);
    const checkpoint = given ? null : await this.#learn(cell, photos, generated, negatives);
    const adapter = checkpoint?.adapter ?? (await this.#import(subject, given!));
    const trained = performance.now();
    await this.#engine.setAdapter(adapter);
    const records = await this.#judge('personalized', subject, file);
    const shown = await makeExamples(
      this.#engine,
      ...([subject, name, before, records] as const),
      this.#pictures,
      this.#store,
      this.#settings(file).map,
    );
    await this.#engine.setAdapter(null);
    if (checkpoint) files.push(...adapterFiles(name, adapter));
    return {
      ...{ subject, recipe, seed, baseline: cell.baseline.recipe },
      ...{ scores: scoreSubject(subject, records), records },
      seconds: { training: (trained - started) / 1000, judging: (performance.now() - trained) / 1000 },
      loss: checkpoint?.history.at(-1)?.loss ?? null,
      ...{ files: [...files, ...shown.files], examples: shown.examples },
    };
  }

  /** Teach the generator the subject and draw images that pass the filter. */
  async generate({
    subject,
    recipe,
    file,
  }: GenerateRequest): Promise<Omit<GeneratedPositives, 'photos' | 'lora'>> {
    const { generation } = file;
    const photos = this.#photos(subject, file);
    await this.#engine.setReferences(photos);
    const others = await this.#store.all(this.#otherPhotos(subject));
    const dreambooth = resolvedDreamBooth(file, recipe);
    const classWord = this.classWord(subject, file);
    const key = JSON.stringify([subject, file.photos, classWord, dreambooth]);
    const {
      photos: _,
      lora,
      ...pool
    } = await generatePool(
      this.#engine,
      {
        ...{ dreambooth, images: generation.images, classWord, lora: this.#loras.get(key) },
        ...{ tries: generation.triesEach * generation.images, batch: generation.batch },
        captions: generation.captions,
        sampling: {
          sampler: generation.sampler as 'dpm++2m',
          ...{ steps: generation.steps, guidance: generation.guidance, negativePrompt: '' },
        },
      },
      photos,
      others,
      this.#report,
    );
    this.#loras.set(key, lora);
    return pool;
  }

  /** Draw others of a subject's class by the untuned generator. */
  async negatives({ subject, file }: Pick<GenerateRequest, 'subject' | 'file'>): Promise<OutputFile[]> {
    const { negatives: count, batch, sampler, steps, guidance } = file.generation;
    await this.#engine.loadGenerator(
      { kind: 'embedded' },
      Comlink.proxy(() => {}),
    );
    const prompt = classPrompt(this.classWord(subject, file));
    const images = Array.from({ length: count }, (_, seed) => ({ id: `${seed}`, prompt, seed }));
    const settings = { sampler: sampler as 'dpm++2m', steps, guidance, negativePrompt: '' };
    const request = { images, settings, batch, lora: null, filter: null, wanted: count };
    const made = await drawImages(this.#engine, request, 'negatives', this.#report);
    await this.#engine.unloadGenerator();
    return Promise.all(
      made.map(async ({ id, pixels }) => ({
        name: `${id.padStart(4, '0')}.png`,
        base64: await picturePng(pixels),
      })),
    );
  }

  /** What a cell's numbers depend on, and its pretrained row's, settings complete. */
  dependsOn(cell: PlannedCell): { cell: unknown; baseline: unknown } {
    return {
      cell: settingsBehind(cell, anyMasked(this.#photos(cell.subject, cell.file))),
      baseline: judgingOf(cell.file),
    };
  }

  /** The word a subject's class has in prompts. */
  classWord(subject: string, { generation }: EvaluationFile): string {
    return generation.classWords[subject] ?? this.#subject(subject).className;
  }

  #subject(name: string): DatasetSubject {
    const found = this.#dataset.subjects.find((subject) => subject.name === name);
    if (!found) throw new Error(`There is no subject ${name}.`);
    return found;
  }

  #photos(subject: string, { photos }: EvaluationFile): EnginePhoto[] {
    const all = this.#train.get(subject)!;
    return photos === null ? all : all.slice(0, photos);
  }

  /** Training photos of other subjects: what the filter tells the subject from. */
  #otherPhotos(subject: string) {
    const rest = this.#dataset.subjects.filter(({ name }) => name !== subject);
    return rest.flatMap(({ train }) => train.slice(0, 1)).slice(0, 6);
  }

  #settings({ dense, map, confidence }: EvaluationFile): EvaluationSettings {
    return { dense, confidence, map: { ...map, size: map.size ?? this.#encoder.inputSize } };
  }

  async #before(subject: string, file: EvaluationFile): Promise<PictureRecord[]> {
    const name = JSON.stringify([subject, file.photos, this.#settings(file)]);
    const known = this.#pretrained.get(name);
    if (known) return known;
    const records = await this.#judge('pretrained', subject, file);
    this.#pretrained.set(name, records);
    return records;
  }

  async #judge(which: 'pretrained' | 'personalized', subject: string, file: EvaluationFile) {
    const gallery = await galleryOf(this.#engine, which, this.#train);
    const total = this.#pictures.length;
    return judgeAll(
      this.#engine,
      ...([which, subject, this.#pictures, this.#store, gallery, this.#settings(file)] as const),
      (done) => this.#report({ type: 'stage', stage: `judging, ${which}`, done, total }),
    );
  }

  async #learn(
    { subject, positives, seed, file }: CellRequest['cell'],
    photos: EnginePhoto[],
    generated: string[],
    ofClass: string[],
  ) {
    const settings = resolvedTraining(file, positives, seed, anyMasked(photos));
    const negatives = await this.#store.all(
      negativesFor(this.#dataset, this.#subject(subject)).map((path) => ({ path, mask: null })),
    );
    const backgrounds = await this.#store.all(
      this.#dataset.backgrounds.map((path) => ({ path, mask: null })),
    );
    const problem = (message: string) => this.#report({ type: 'problem', message });
    const read = async (urls: string[]) =>
      photosOf(
        await loadPhotos(
          urls.map((image) => ({ name: image, image })),
          problem,
        ),
      );
    const drawn = await read(generated);
    const run = {
      ...{ runId: 'evaluate', settings, photos },
      negatives: [...(await read(ofClass)), ...(negatives.length ? negatives : this.#bundled.negatives)],
      backgrounds: backgrounds.length ? backgrounds : this.#bundled.backgrounds,
      ...(drawn.length ? { generated: drawn } : {}),
    };
    return new Promise<TrainingCheckpoint>((resolve, reject) => {
      const onEvent = (event: TrainingEvent): void => {
        if (event.type === 'finished') resolve(event.checkpoint);
        else if (event.type === 'failed') reject(new Error(`${event.name}: ${event.message}`));
        else if (event.type === 'step') this.#report({ ...event, total: settings.steps });
      };
      this.#engine.startTraining(run, Comlink.proxy(onEvent)).catch(reject);
    });
  }

  /** Read a given adapter. It is judged whatever encoder it names; what its user should know is said. */
  async #import(subject: string, urls: { name: string; url: string }[]): Promise<LoraAdapter> {
    const files = await Promise.all(
      urls.map(async ({ name, url }) => {
        const response = await fetch(url);
        if (!response.ok) throw new Error(`${name} cannot be read (HTTP ${response.status})`);
        return { name, bytes: new Uint8Array(await response.arrayBuffer()) };
      }),
    );
    const { adapter, notes } = importPeft(files, this.#encoder.config);
    const fit = adapterFit(adapter.baseModel, this.#encoder.id);
    const judged = `it is judged with ${encoderLabel(this.#encoder.id)}, whose shapes it fits.`;
    if (fit === 'unnamed') notes.unshift(`It does not say which encoder it was made for; ${judged}`);
    if (fit === 'other') notes.unshift(`It was made for ${encoderLabel(adapter.baseModel)}; ${judged}`);
    for (const note of notes) this.#report({ type: 'problem', message: `Adapter of ${subject}: ${note}` });
    return adapter;
  }
}

/** @throws DatasetError when there is nothing to evaluate on */
function requireTests({ name, subjects }: Dataset): void {
  if (subjects.some(({ train, test, testDense }) => train.length && (test.length || testDense?.length)))
    return;
  throw new DatasetError(
    `${name} has no subject with training and test pictures. Put pictures to evaluate on into test/{subject}/.`,
  );
}

function anyMasked(photos: readonly EnginePhoto[]): boolean {
  return photos.some(({ mask }) => mask);
}

function adapterFiles(name: string, adapter: LoraAdapter): OutputFile[] {
  const { weights, config } = exportPeft(adapter);
  return [
    { name: `adapters/${name}/${ADAPTER_WEIGHTS_FILE}`, base64: toBase64(weights) },
    { name: `adapters/${name}/${ADAPTER_CONFIG_FILE}`, base64: toBase64(new TextEncoder().encode(config)) },
  ];
}
