import * as Comlink from 'comlink';
import { readCaptionGrammar } from '../../diffusion/captions/grammar.ts';
import { type CaptionSource, scheduleCaptions } from '../../diffusion/captions/schedule.ts';
import type { Engine } from '../../engine/client.ts';
import type { DreamBoothSettings, SamplingSettings, UNet2DAdapter } from '../../engine/generator/protocol.ts';
import type { EnginePhoto } from '../../engine/protocol.ts';
import { drawImages, type OutputFile, type Report, trainLora } from '../generate/learnAndDraw.ts';
import { picturePng } from '../generate/picturePng.ts';

/** How generated positives are made. */
export interface GeneratePositives {
  dreambooth: DreamBoothSettings;
  classWord: string;
  /** How many to keep, and how many to try at most. */
  images: number;
  tries: number;
  sampling: SamplingSettings;
  batch: number;
  /** The generator's own grammar when left out; scene lists where it has none. */
  captions?: CaptionSource;
  /** A LoRA that has learned this subject by these settings; learned here when left out. */
  lora?: UNet2DAdapter | undefined;
}

/** What was made: every image as a file, the kept ones as photos. */
export interface GeneratedPositives {
  photos: EnginePhoto[];
  made: number;
  kept: number;
  threshold: number;
  /** Mean score of all images in which the subject was seen; null when it was seen in none. */
  score: number | null;
  seconds: Record<string, number>;
  files: OutputFile[];
  /** What the generator learned. */
  lora: UNet2DAdapter;
}

/**
 * Teach the generator the subject (the engine's references are its photos), draw, filter. The generator is unloaded after.
 * @param others pictures of something else, for the filter's scale
 */
export async function generatePool(
  engine: Engine,
  { dreambooth, classWord, images: wanted, tries, sampling, batch, captions, lora: known }: GeneratePositives,
  train: EnginePhoto[],
  others: EnginePhoto[],
  report: Report,
): Promise<GeneratedPositives> {
  await engine.loadGenerator(
    { kind: 'embedded' },
    Comlink.proxy(() => {}),
  );
  const { threshold } = await engine.filterScale(others);
  const files: OutputFile[] = [];
  const seconds: Record<string, number> = {};
  let last = performance.now();
  const lap = (name: string): void => {
    seconds[name] = (performance.now() - last) / 1000;
    last = performance.now();
  };
  const lora = known ?? (await trainLora(engine, dreambooth, classWord, train, [], files, report));
  lap('dreambooth');
  const grammar = readCaptionGrammar(await engine.generatorCaptions());
  const { seed } = dreambooth;
  const source = captions ?? 'grammar';
  const { prompts } = scheduleCaptions({
    ...{
      source: source === 'grammar' && !grammar ? 'scenes' : source,
      classWord,
      count: tries,
      seed,
      grammar,
    },
  });
  const images = prompts.map((prompt, i) => ({ id: `${i}`, prompt, seed: seed + i }));
  const request = { images, settings: sampling, batch, lora, filter: { threshold }, wanted };
  const made = await drawImages(engine, request, 'positives', report);
  lap('images');
  for (const { id, pixels, accepted } of made) {
    const name = `positives/${accepted ? 'kept' : 'rejected'}-${id.padStart(4, '0')}.png`;
    files.push({ name, base64: await picturePng(pixels) });
  }
  await engine.unloadGenerator();
  const kept = made.filter(({ accepted }) => accepted);
  const scores = made.map(({ score }) => score).filter((score) => score !== null);
  return {
    photos: kept.map(({ id, pixels }): EnginePhoto => ({ key: `generated-${id}`, pixels })),
    ...{ made: made.length, kept: kept.length, threshold, seconds, files, lora },
    score: scores.length ? scores.reduce((sum, score) => sum + score, 0) / scores.length : null,
  };
}
