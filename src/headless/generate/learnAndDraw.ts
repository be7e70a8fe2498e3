import * as Comlink from 'comlink';
import type { Engine } from '../../engine/client.ts';
import type {
  DreamBoothEvent,
  DreamBoothSettings,
  GeneratedImage,
  GenerationEvent,
  GenerationRequest,
  UNet2DAdapter,
} from '../../engine/generator/protocol.ts';
import type { EnginePhoto } from '../../engine/protocol.ts';
import { picturePng } from './picturePng.ts';

/** A file for Node; bytes travel as base64. */
export interface OutputFile {
  name: string;
  base64: string;
}

/** Tells Node how far it is. */
export type Report = (event: unknown) => void;

/** Train the generator on photos; class images and samples on the way become files. */
export async function trainLora(
  engine: Engine,
  settings: DreamBoothSettings,
  classWord: string,
  photos: EnginePhoto[],
  losses: number[],
  files: OutputFile[],
  report: Report,
): Promise<UNet2DAdapter> {
  const pending: Promise<void>[] = [];
  const file = (name: string, pixels: GeneratedImage['pixels']) =>
    pending.push(
      picturePng(pixels).then((base64) => {
        files.push({ name, base64 });
      }),
    );
  const adapter = await new Promise<UNet2DAdapter>((resolve, reject) => {
    const onEvent = (event: DreamBoothEvent): void => {
      if (event.type === 'finished') resolve(event.checkpoint.adapter);
      else if (event.type === 'failed') reject(new Error(`${event.name}: ${event.message}`));
      else if (event.type === 'validation')
        file(`validation/${String(event.step).padStart(4, '0')}.png`, event.pixels);
      else if (event.type === 'class-image') file(`class/${event.image.seed}.png`, event.pixels);
      else if (event.type === 'step') {
        losses.push(event.point.loss);
        report({ ...event, total: settings.steps });
      } else if (event.type === 'stage') report(event);
    };
    const run = { runId: 'headless', settings, classWord, photos, classImages: [] };
    engine.startDreamBooth(run, Comlink.proxy(onEvent)).catch(reject);
  });
  await Promise.all(pending);
  return adapter;
}

/** Make the images of a job; a prompt's `<new1>` is left out where there is no LoRA to know it. */
export async function drawImages(
  engine: Engine,
  request: Omit<GenerationRequest, 'previewEvery'>,
  folder: string,
  report: Report,
): Promise<GeneratedImage[]> {
  const made: GeneratedImage[] = [];
  const images = request.lora
    ? request.images
    : request.images.map((image) => ({ ...image, prompt: image.prompt.replace('<new1> ', '') }));
  await new Promise<void>((resolve, reject) => {
    const onEvent = (event: GenerationEvent): void => {
      if (event.type === 'image') made.push(event.image);
      else if (event.type === 'finished') resolve();
      else if (event.type === 'failed') reject(new Error(`${event.name}: ${event.message}`));
      else if (event.type === 'denoising' || event.type === 'progress') report({ ...event, folder });
    };
    engine.startGeneration({ ...request, images, previewEvery: 0 }, Comlink.proxy(onEvent)).catch(reject);
  });
  return made;
}
