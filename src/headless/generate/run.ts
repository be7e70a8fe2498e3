import * as Comlink from 'comlink';
import { deviceName } from '../../backend/choose/ways.ts';
import { readCaptionGrammar } from '../../diffusion/captions/grammar.ts';
import { SUBJECT_TOKEN } from '../../diffusion/captions/prompts.ts';
import { type CaptionRequest, scheduleCaptions } from '../../diffusion/captions/schedule.ts';
import { type Engine, startEngine } from '../../engine/client.ts';
import type {
  DreamBoothSettings,
  FilterScale,
  GeneratedImage,
  GeneratorInfo,
  SamplingSettings,
  UNet2DAdapter,
} from '../../engine/generator/protocol.ts';
import type { Preference } from '../../engine/protocol.ts';
import {
  exportTokenEmbedding,
  importTokenEmbedding,
  TOKEN_EMBEDDING_FILE,
} from '../../models/clipText/embeddingFile.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import {
  DIFFUSERS_LORA_FILE,
  exportDiffusersLora,
  exportKohyaLora,
  KOHYA_LORA_FILE,
} from '../../models/unet2d/loraFiles/exports.ts';
import { importUNetLora } from '../../models/unet2d/loraFiles/import.ts';
import { toBase64 } from '../personalize/base64.ts';
import { type ImageUrls, loadPhotos, photosOf, trainingPhotos } from '../personalize/images.ts';
import { drawImages, type OutputFile, type Report, trainLora } from './learnAndDraw.ts';
import { picturePng } from './picturePng.ts';

/** What `npm run generate` asks for; addresses are on the page's own server. */
export interface GenerateRequest {
  backend: Preference;
  prompts: string[];
  /** Captions instead of the prompts, scheduled as the page does. */
  captions: Pick<CaptionRequest, 'source' | 'classWord' | 'untuned'> | null;
  count: number;
  seed: number;
  batch: number;
  sampling: SamplingSettings;
  /** Photos to learn from and to compare with; may be none. */
  train: ImageUrls[];
  /** Pictures of something else, for the filter's scale. */
  others: ImageUrls[];
  /** Train a LoRA on the photos first. */
  dreambooth: { settings: DreamBoothSettings; classWord: string } | null;
  /** A LoRA file to use. */
  lora: { name: string; url: string } | null;
  /** Make the same images without the LoRA too. */
  untuned: boolean;
  /** Name of a function of the page that takes progress events. */
  progress: string;
}

/** One image of the report. */
export type ImageReport = Omit<GeneratedImage, 'pixels' | 'latents'> & { file: string };

/** What comes back to Node. Bytes travel as base64. */
export interface GenerateResult {
  /** What computed. */
  device: string;
  generator: GeneratorInfo;
  /** Seconds of each stage. */
  seconds: Record<string, number>;
  scale: FilterScale | null;
  images: ImageReport[];
  untuned: ImageReport[];
  losses: number[];
  peakMemory: number;
  files: OutputFile[];
}

/** Load the generator, train it when asked to, make and score images: the page's own engine. */
export async function runGenerate(request: GenerateRequest): Promise<GenerateResult> {
  const report = (globalThis as unknown as Record<string, Report>)[request.progress]!;
  const { engine, terminate } = startEngine();
  const baseUrl = new URL('.', location.href).href;
  const { compute } = await engine.start({ baseUrl, preference: request.backend });
  const problem = (message: string) => report({ type: 'problem', message });
  compute.notes.forEach(problem);
  const train = trainingPhotos(await loadPhotos(request.train, problem), problem);
  const others = photosOf(await loadPhotos(request.others, problem));
  const files: GenerateResult['files'] = [];
  const seconds: Record<string, number> = {};
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    seconds[stage] = (performance.now() - started) / 1000;
    return result;
  };
  const generator = await timed('load', () =>
    engine.loadGenerator(
      { kind: 'embedded' },
      Comlink.proxy((event) => report({ type: 'load', ...event })),
    ),
  );
  const judged = train.length > 0;
  if (judged) {
    await engine.loadEncoder(
      { kind: 'embedded' },
      Comlink.proxy(() => {}),
    );
    await engine.setReferences(train);
  }
  const scale = judged ? await engine.filterScale(others) : null;
  const prompts = request.captions ? await captionPrompts(engine, request, problem) : request.prompts;
  for (const { prompt, unknown, cut } of await engine.checkPrompts([...new Set(prompts)])) {
    if (unknown.length) problem(`"${prompt}": the generator does not know ${unknown.join(', ')}`);
    if (cut) problem(`"${prompt}" is too long and is cut`);
  }

  let lora: UNet2DAdapter | null = null;
  const losses: number[] = [];
  if (request.lora) lora = await readLora(request.lora, baseUrl, problem);
  if (request.dreambooth) {
    const { settings, classWord } = request.dreambooth;
    lora = await timed('dreambooth', () =>
      trainLora(engine, settings, classWord, train, losses, files, report),
    );
    files.push({ name: `lora/${DIFFUSERS_LORA_FILE}`, base64: toBase64(exportDiffusersLora(lora)) });
    files.push({ name: `lora/${KOHYA_LORA_FILE}`, base64: toBase64(exportKohyaLora(lora)) });
    if (lora.token) {
      const embedding = exportTokenEmbedding(SUBJECT_TOKEN, lora.token);
      files.push({ name: `lora/${TOKEN_EMBEDDING_FILE}`, base64: toBase64(embedding) });
    }
  }
  const threshold = scale ? scale.threshold : null;
  const make = (folder: string, adapter: UNet2DAdapter | null) =>
    drawAll(engine, { ...request, prompts }, adapter, threshold, folder, files, report);
  const images = await timed('images', () => make('images', lora));
  const untuned = request.untuned && lora ? await timed('untuned', () => make('untuned', null)) : [];
  const { memory } = await engine.status();
  terminate();
  return {
    device: deviceName(compute),
    ...{ generator, seconds, scale, images, untuned, losses, peakMemory: memory.peak, files },
  };
}

async function captionPrompts(
  engine: Engine,
  { captions, count, seed }: GenerateRequest,
  problem: (message: string) => void,
): Promise<string[]> {
  const grammar = readCaptionGrammar(await engine.generatorCaptions());
  const { prompts, problems } = scheduleCaptions({ ...captions!, count, seed, grammar });
  problems.forEach(problem);
  return prompts;
}

async function readLora(
  { name, url }: { name: string; url: string },
  baseUrl: string,
  problem: (message: string) => void,
): Promise<UNet2DAdapter> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const json = await (await fetch(new URL('models/generator/unet/config.json', baseUrl))).json();
  const { adapter, notes } = importUNetLora(bytes, name, readUNet2DConfig(json));
  notes.forEach(problem);
  const embedding = await fetch(new URL(TOKEN_EMBEDDING_FILE, new URL(url, location.href)));
  if (!embedding.ok) return adapter;
  const token = importTokenEmbedding(new Uint8Array(await embedding.arrayBuffer()), TOKEN_EMBEDDING_FILE);
  return { ...adapter, token };
}

async function drawAll(
  engine: Engine,
  { prompts, count, seed, batch, sampling: settings }: GenerateRequest,
  lora: UNet2DAdapter | null,
  threshold: number | null,
  folder: string,
  files: OutputFile[],
  report: Report,
): Promise<ImageReport[]> {
  const images = Array.from({ length: count }, (_, i) => ({
    ...{ id: `${i}`, seed: seed + i, prompt: prompts[i % prompts.length]! },
  }));
  const filter = threshold === null ? null : { threshold };
  const made = await drawImages(
    engine,
    { images, settings, batch, lora, filter, wanted: count },
    folder,
    report,
  );
  const reports: ImageReport[] = [];
  for (const { pixels, latents: _, ...image } of made) {
    const name = `${folder}/${String(image.id).padStart(4, '0')}.png`;
    files.push({ name, base64: await picturePng(pixels) });
    reports.push({ ...image, file: name });
  }
  return reports;
}
