import * as Comlink from 'comlink';
import { deviceName } from '../../backend/choose/ways.ts';
import { type Engine, startEngine } from '../../engine/client.ts';
import type {
  DenseMap,
  EnginePhoto,
  MapSettings,
  Preference,
  TrainingCheckpoint,
  TrainingEvent,
} from '../../engine/protocol.ts';
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from '../../models/peft/adapterConfig.ts';
import { exportPeft } from '../../models/peft/exportPeft.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';
import type { OutputFile, Report } from '../generate/learnAndDraw.ts';
import { type AverageScores, averageScores, type PictureScores } from './averages.ts';
import { toBase64 } from './base64.ts';
import { encoderSource, type RequestedEncoder } from './encoderSource.ts';
import { type GeneratePositives, generatePool } from './generatePool.ts';
import { type ImageUrls, loadPhotos, photosOf, trainingPhotos } from './images.ts';
import { mapPicture } from './mapPicture.ts';
import { outputStems } from './outputStems.ts';

/** What `npm run personalize` asks for; addresses are on the page's own server. */
export interface PersonalizeRequest {
  backend: Preference;
  encoder: RequestedEncoder;
  settings: TrainingSettings;
  train: ImageUrls[];
  test: ImageUrls[];
  /** Pictures of something else, for the ranking score. */
  others: ImageUrls[];
  negatives: ImageUrls[];
  backgrounds: ImageUrls[];
  /** Make positives with a generator that learns the subject first; null for none. */
  generate: GeneratePositives | null;
  /** Name of a function of the page that takes progress events. */
  progress: string;
}

/** What comes back to Node. Bytes travel as base64. */
export interface PersonalizeResult {
  /** What computed. */
  device: string;
  encoder: string;
  /** As they were used: without masks, positives are real crops. */
  settings: TrainingSettings;
  seconds: number;
  history: TrainingCheckpoint['history'];
  scores: Record<'pretrained' | 'personalized', PictureScores[]>;
  before: AverageScores;
  after: AverageScores;
  /** Images the generator made, and how many the filter kept. */
  generated: { made: number; kept: number; threshold: number; seconds: Record<string, number> } | null;
  files: OutputFile[];
}

/** Train an adapter on a subject and score it before and after, as the page would. */
export async function runPersonalize(request: PersonalizeRequest): Promise<PersonalizeResult> {
  const report = (globalThis as unknown as Record<string, (event: unknown) => void>)[request.progress]!;
  const problem = (message: string) => report({ type: 'problem', message });
  const { engine, terminate } = startEngine();
  const baseUrl = new URL('.', location.href).href;
  const { compute } = await engine.start({ baseUrl, preference: request.backend });
  compute.notes.forEach(problem);
  const encoder = await engine.loadEncoder(
    await encoderSource(request.encoder),
    Comlink.proxy((progress) => report({ type: 'encoder', ...progress })),
  );
  const load = (list: readonly ImageUrls[]) => loadPhotos(list, problem);
  const train = trainingPhotos(await load(request.train), problem);
  if (train.length === 0) throw new Error('None of the training photos can be read.');
  const settings = settingsFor(train, request, problem);
  const test = await load(request.test);
  const others = await load(request.others);
  const negatives = photosOf(await load(request.negatives));
  const backgrounds = photosOf(await load(request.backgrounds));
  await engine.setReferences(train);
  const pictures = [
    ...test.map((picture) => ({ ...picture, isSubject: true })),
    ...others.map((picture) => ({ ...picture, isSubject: false })),
  ];
  const stems = outputStems(test.map(({ name }) => name));
  const files: OutputFile[] = [];
  const positives = request.generate
    ? await generatePositives(
        engine,
        request.generate,
        train,
        photosOf(others),
        files,
        report,
        settings.positives === 'generated',
      )
    : null;
  const started = performance.now();
  const checkpoint = await new Promise<TrainingCheckpoint>((resolve, reject) => {
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === 'finished') resolve(event.checkpoint);
      else if (event.type === 'failed') reject(new Error(`${event.name}: ${event.message}`));
      else if (event.type !== 'positive' && event.type !== 'checkpoint') report(event);
    };
    const run = {
      runId: 'headless',
      settings,
      photos: train,
      negatives,
      backgrounds,
      ...(positives ? { generated: positives.photos } : {}),
    };
    engine.startTraining(run, Comlink.proxy(onEvent)).catch(reject);
  });
  const seconds = (performance.now() - started) / 1000;
  await engine.setAdapter(checkpoint.adapter);

  const scores: PersonalizeResult['scores'] = { pretrained: [], personalized: [] };
  const size = encoder.inputSize;
  for (const [i, { photo, name, isSubject }] of pictures.entries()) {
    const reference = await engine.maps(photo, { size, mode: 'reference' });
    const difference = await engine.maps(photo, { size, mode: 'object-minus-background' });
    for (const which of ['pretrained', 'personalized'] as const) {
      const map = reference.find((candidate) => candidate.which === which)!;
      const other = difference.find((candidate) => candidate.which === which)!;
      scores[which].push(scoresOf(name, isSubject, map, other));
    }
    if (isSubject) files.push(...(await pictureFiles(stems[i]!, photo, reference, difference)));
    report({ type: 'stage', stage: 'scores', done: i + 1, total: pictures.length });
  }
  const { weights, config } = exportPeft(checkpoint.adapter);
  files.push({ name: `adapter/${ADAPTER_WEIGHTS_FILE}`, base64: toBase64(weights) });
  files.push({ name: `adapter/${ADAPTER_CONFIG_FILE}`, base64: toBase64(new TextEncoder().encode(config)) });
  terminate();
  return {
    device: deviceName(compute),
    encoder: encoder.id,
    settings,
    seconds,
    history: checkpoint.history,
    scores,
    before: averageScores(scores.pretrained),
    after: averageScores(scores.personalized),
    generated: positives?.summary ?? null,
    files,
  };
}

/** The settings that these photos allow: without a mask there is nothing to cut out, and no patch is known to be the object's. */
function settingsFor(
  train: readonly EnginePhoto[],
  { settings, generate }: PersonalizeRequest,
  problem: (message: string) => void,
): TrainingSettings {
  if (train.some(({ mask }) => mask)) return settings;
  const instead = generate ? 'nothing is cut out' : 'positives are real crops';
  problem(`No training picture has a mask that can be used: ${instead}, without a patch term.`);
  return { ...settings, positives: generate ? 'generated' : 'real', patchTerm: null };
}

/** Generated positives; when the filter kept none, an error if there are no others. */
async function generatePositives(
  engine: Engine,
  request: GeneratePositives,
  train: EnginePhoto[],
  others: EnginePhoto[],
  files: OutputFile[],
  report: Report,
  alone: boolean,
) {
  const pool = await generatePool(engine, request, train, others, report);
  files.push(...pool.files);
  const { made, kept, threshold, seconds, photos } = pool;
  if (kept === 0) {
    const problem = `None of ${made} generated images passed the filter (at least ${threshold.toFixed(3)}).`;
    if (alone) throw new Error(`${problem} Train the generator longer, or try more images.`);
    report({ type: 'problem', message: `${problem} Positives are the other kinds.` });
  }
  return { photos, summary: { made, kept, threshold, seconds } };
}

function scoresOf(name: string, isSubject: boolean, map: DenseMap, difference: DenseMap): PictureScores {
  return {
    name,
    isSubject,
    score: map.score,
    patchAp: map.patchAp,
    iou: map.iou,
    differencePatchAp: difference.patchAp,
    differenceIou: difference.iou,
  };
}

async function pictureFiles(
  stem: string,
  photo: EnginePhoto,
  reference: DenseMap[],
  difference: DenseMap[],
): Promise<PersonalizeResult['files']> {
  const modes: [MapSettings['mode'], DenseMap[]][] = [
    ['reference', reference],
    ['object-minus-background', difference],
  ];
  const files: PersonalizeResult['files'] = [];
  for (const [mode, maps] of modes) {
    files.push({
      name: `maps/${stem}.${mode}.png`,
      base64: toBase64((await mapPicture(photo.pixels, maps, mode, 'image/png')).bytes),
    });
  }
  return files;
}
