import { proposeMask } from '../dense/propose/propose.ts';
import type { Mask } from '../images/types.ts';
import type { LoraAdapter } from '../models/peft/types.ts';
import { VitLora } from '../models/vit/lora.ts';
import type { CheckpointFiles } from '../models/weights/files/checkpointFiles.ts';
import { encoderBytes, trainingMemory } from '../personalize/trainer/memory.ts';
import { trainingMicroBatch } from '../personalize/trainer/microBatch.ts';
import { imageCounts } from '../personalize/trainer/viewBank.ts';
import { checkpointFrom } from './checkpoints.ts';
import { type LoadedEncoder, loadEncoder } from './encoderSlot.ts';
import { PictureJudge } from './evaluation/judge.ts';
import type { EvaluationApi } from './evaluation/protocol.ts';
import { FeatureStore } from './features.ts';
import { SubjectFilter } from './generator/filter.ts';
import { GeneratorRoom } from './generator/generatorRoom.ts';
import type { GeneratorApi } from './generator/protocol.ts';
import { hoverMaps } from './hover.ts';
import { MapMaker } from './maps.ts';
import { refuseTooLarge } from './memoryCheck.ts';
import type {
  DenseMap,
  EncoderInfo,
  EncoderSource,
  EngineApi,
  EngineEvent,
  EnginePhoto,
  EngineStatus,
  HoverMap,
  MapSettings,
  MaskClick,
  Preference,
  Progress,
  TrainingCheckpoint,
  TrainingEvent,
  TrainingRequest,
} from './protocol.ts';
import { Session } from './session.ts';
import { TrainingRun } from './trainingRun.ts';

/** Longer side of the photo for mask proposals: twice the encoder's own size, measured better than once (field: 256 px). */
const PROPOSAL_SCALE = 2;

/**
 * The engine behind the door: one device, one encoder, at most one adapter to compare with and one training run. Methods
 * may be called at any time and interleave between their awaits; everything recorded between two awaits is of one piece.
 */
export class Engine implements EngineApi {
  readonly #session = new Session();
  readonly #room: GeneratorRoom;
  #baseUrl = '';
  #listener: (event: EngineEvent) => void = () => {};
  #files: CheckpointFiles | undefined;
  #loaded: LoadedEncoder | undefined;
  #features: FeatureStore | undefined;
  #adapter: LoraAdapter | null = null;
  #references: EnginePhoto[] = [];
  #maps: MapMaker | undefined;
  #filter: { filter: SubjectFilter; photos: EnginePhoto[]; features: FeatureStore } | undefined;
  #judge: PictureJudge | undefined;
  #run: TrainingRun | undefined;

  constructor() {
    this.#room = new GeneratorRoom({
      session: this.#session,
      baseUrl: () => this.#baseUrl,
      filter: (photos) => this.#subjectFilter(photos),
      encoderBytes: () => (this.#loaded ? encoderBytes(this.#loaded.info.config) : 0),
    });
  }

  async subscribe(listener: (event: EngineEvent) => void): Promise<void> {
    this.#listener = listener;
  }

  async start({ baseUrl, preference }: { baseUrl: string; preference?: Preference }): Promise<EngineStatus> {
    this.#baseUrl = baseUrl;
    if (!this.#session.alive) {
      this.#session.onLost = (reason) => this.#listener({ type: 'device-lost', reason });
      this.#session.onRecovered = () => this.#listener({ type: 'recovered', status: this.#status() });
      this.#session.onUnrecoverable = ({ message }) => this.#listener({ type: 'unrecoverable', message });
      this.#session.onRebuild(async (context) => {
        if (!this.#files) return;
        this.#use(this.#files, await loadEncoder(context, this.#files, () => {}));
      });
      await this.#session.start(preference);
    }
    return this.#status();
  }

  async status(): Promise<EngineStatus> {
    await this.#session.recovered();
    return this.#status();
  }

  async use(preference: Preference): Promise<EngineStatus> {
    await this.#session.use(preference);
    return this.#status();
  }

  async loadEncoder(source: EncoderSource, onProgress: (progress: Progress) => void): Promise<EncoderInfo> {
    this.#refuseWhileTraining('Another encoder cannot be loaded');
    const files = await checkpointFrom(source, this.#baseUrl);
    return this.#session.guard(async (context) => {
      const loaded = await loadEncoder(context, files, onProgress);
      const before = this.#loaded;
      const features = this.#features;
      this.#adapter = null;
      this.#use(files, loaded);
      features?.release();
      before?.release();
      context.backend.trim();
      return loaded.info;
    });
  }

  async setAdapter(adapter: LoraAdapter | null): Promise<void> {
    await this.#session.guard(async () => {
      this.#applyAdapter(adapter);
      this.#adapter = adapter;
    });
  }

  async setReferences(photos: EnginePhoto[]): Promise<void> {
    this.#references = photos;
    this.#forgetMaps();
  }

  maps(photo: EnginePhoto, settings: MapSettings): Promise<DenseMap[]> {
    return this.#session.guard(async () => {
      const { features } = this.#need();
      if (this.#references.length === 0)
        throw new Error('Add photos of the subject first: maps compare with them.');
      this.#maps ??= new MapMaker(features, this.#references);
      const maker = this.#maps;
      const maps: DenseMap[] = [];
      for (const which of features.available) maps.push(await maker.make(which, photo, settings));
      return maps;
    });
  }

  judge: EvaluationApi['judge'] = (which, photo, own, settings) =>
    this.#session.guard(() => this.#pictureJudge().judge(which, photo, own, settings));

  embed: EvaluationApi['embed'] = (which, { key, pixels }) =>
    this.#session.guard(() => this.#need().features.global(which, key, pixels));

  hover(request: { key: string; patch: number; open: string[]; size: number }): Promise<HoverMap[]> {
    const { key, patch, open, size } = request;
    return this.#session.guard((context) =>
      hoverMaps(context, this.#need().features, key, patch, open, { mode: 'fit', size }),
    );
  }

  proposeMask({ key, pixels }: EnginePhoto, clicks: MaskClick[]): Promise<Mask> {
    return this.#session.guard(async () => {
      const { features, loaded } = this.#need();
      const target = { mode: 'fit', size: PROPOSAL_SCALE * loaded.info.inputSize } as const;
      const { tokens, dimension, geometry } = await features.dense('pretrained', key, pixels, target);
      return proposeMask({ pixels, tokens, dimension, geometry }, clicks);
    });
  }

  async forget(keys: string[]): Promise<void> {
    this.#features?.forget(keys);
    if (this.#references.some(({ key }) => keys.includes(key))) this.#forgetMaps();
  }

  async startTraining(request: TrainingRequest, onEvent: (event: TrainingEvent) => void): Promise<void> {
    await this.#session.recovered();
    this.#refuseWhileTraining('A second run cannot start');
    if (this.#room.training)
      throw new Error('The encoder cannot learn while the generator does. Stop it first.');
    const { loaded } = this.#need();
    this.#refuseTooLarge(loaded, request);
    this.#run = new TrainingRun(this.#session, () => this.#need().loaded, request, onEvent, loaded.info.id);
    await this.#run.begin();
  }

  async pauseTraining(): Promise<void> {
    this.#run?.pause();
  }

  async resumeTraining(): Promise<void> {
    this.#run?.resume();
  }

  async stepTraining(): Promise<void> {
    await this.#run?.stepOnce();
  }

  async stopTraining(): Promise<void> {
    await this.#run?.stop();
  }

  async checkpointNow(): Promise<TrainingCheckpoint | null> {
    return (await this.#run?.checkpoint()) ?? null;
  }

  loadGenerator: GeneratorApi['loadGenerator'] = (...given) => this.#room.loadGenerator(...given);
  unloadGenerator: GeneratorApi['unloadGenerator'] = (...given) => this.#room.unloadGenerator(...given);
  generatorCaptions: GeneratorApi['generatorCaptions'] = (...given) => this.#room.generatorCaptions(...given);
  checkPrompts: GeneratorApi['checkPrompts'] = (...given) => this.#room.checkPrompts(...given);
  startDreamBooth: GeneratorApi['startDreamBooth'] = (...given) => this.#room.startDreamBooth(...given);
  pauseDreamBooth: GeneratorApi['pauseDreamBooth'] = (...given) => this.#room.pauseDreamBooth(...given);
  resumeDreamBooth: GeneratorApi['resumeDreamBooth'] = (...given) => this.#room.resumeDreamBooth(...given);
  stopDreamBooth: GeneratorApi['stopDreamBooth'] = (...given) => this.#room.stopDreamBooth(...given);
  startGeneration: GeneratorApi['startGeneration'] = (...given) => this.#room.startGeneration(...given);
  pauseGeneration: GeneratorApi['pauseGeneration'] = (...given) => this.#room.pauseGeneration(...given);
  resumeGeneration: GeneratorApi['resumeGeneration'] = (...given) => this.#room.resumeGeneration(...given);
  cancelGeneration: GeneratorApi['cancelGeneration'] = (...given) => this.#room.cancelGeneration(...given);
  filterScale: GeneratorApi['filterScale'] = (...given) => this.#room.filterScale(...given);

  async loseDevice(): Promise<void> {
    this.#session.lose();
  }

  #status(): EngineStatus {
    const { backend, choice, notes } = this.#session.chosen;
    const { kind, device, traits } = backend;
    return {
      compute: { kind, device, traits, notes, choice },
      memory: backend.memory(),
      encoder: this.#loaded?.info ?? null,
    };
  }

  /** The filter compares with these photos by the pretrained encoder: made anew with either. */
  #subjectFilter(photos = this.#references): SubjectFilter {
    const { features, loaded } = this.#need();
    if (photos.length === 0)
      throw new Error('Add photos of the subject first: the filter compares with them.');
    if (this.#filter?.photos !== photos || this.#filter.features !== features) {
      const maps = new MapMaker(features, photos);
      const filter = new SubjectFilter(features, maps, photos, loaded.info.inputSize);
      this.#filter = { filter, photos, features };
    }
    return this.#filter.filter;
  }

  #pictureJudge(): PictureJudge {
    const { features } = this.#need();
    if (this.#references.length === 0)
      throw new Error('Add photos of the subject first: pictures are compared with them.');
    this.#maps ??= new MapMaker(features, this.#references);
    this.#judge ??= new PictureJudge(features, this.#maps, this.#references);
    return this.#judge;
  }

  #forgetMaps(): void {
    this.#maps = undefined;
    this.#filter = undefined;
    this.#judge = undefined;
  }

  #need(): { loaded: LoadedEncoder; features: FeatureStore } {
    if (!this.#loaded || !this.#features) throw new Error('No encoder is loaded yet.');
    return { loaded: this.#loaded, features: this.#features };
  }

  #use(files: CheckpointFiles, loaded: LoadedEncoder): void {
    this.#files = files;
    this.#loaded = loaded;
    this.#features = new FeatureStore(this.#session.context, loaded.encoder, loaded.preprocess);
    this.#forgetMaps();
    this.#applyAdapter(this.#adapter);
  }

  #applyAdapter(adapter: LoraAdapter | null): void {
    const { features, loaded } = this.#need();
    const lora = adapter
      ? VitLora.fromAdapter(this.#session.context, loaded.encoder.config, adapter)
      : undefined;
    features.setAdapter(lora);
    this.#forgetMaps();
  }

  /** @throws OutOfMemoryError when a run would not fit beside the generator */
  #refuseTooLarge({ encoder, preprocess }: LoadedEncoder, request: TrainingRequest): void {
    const { settings } = request;
    const { traits } = this.#session.context.backend;
    const side = preprocess.cropWidth;
    const microBatch = trainingMicroBatch(traits, encoder.config, side, settings);
    const counts = imageCounts(request, settings);
    const bytes = trainingMemory({ config: encoder.config, side, settings, counts, microBatch });
    refuseTooLarge(
      traits,
      this.#room.bytes + bytes,
      'Teaching',
      'Encode fewer triplets at a time, adapt fewer layers, take a smaller encoder, or let the generator go.',
    );
  }

  #refuseWhileTraining(what: string): void {
    if (this.#run?.active) throw new Error(`${what} while a run is under way. Stop it first.`);
  }
}
