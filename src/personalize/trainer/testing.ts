import { readVitConfig } from '../../models/vit/families/index.ts';
import { Vit } from '../../models/vit/model.ts';
import { parametersOf } from '../../models/vit/parameters.ts';
import { parametersFrom } from '../../models/weights/loadParameters.ts';
import { parseSafetensors } from '../../models/weights/safetensors/parse.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { served } from '../../testing/served.ts';
import { proceduralBackground } from '../positives/procedural.ts';
import type { TrainingImages } from './trainer.ts';

/** Preprocessing to 56 pixels. */
export const SMALL_PREPROCESS = {
  resizeShortestEdge: 64,
  resample: 'bicubic',
  cropHeight: 56,
  cropWidth: 56,
  rescaleFactor: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;

/** The encoder of the golden values, small enough for tests to train. */
export async function goldenEncoder(context: Context): Promise<Vit> {
  const url = served('/src/testing/golden/dinov2/model/');
  const config = readVitConfig(await (await fetch(new URL('config.json', url))).json());
  const bytes = new Uint8Array(await (await fetch(new URL('model.safetensors', url))).arrayBuffer());
  const tensors = parseSafetensors(bytes, 'golden model');
  return new Vit(context, config, parametersFrom(context, parametersOf(config), tensors, 'golden'));
}

/** A red disc on backgrounds, with its masks: the subject. Negatives are backgrounds alone. */
export function discImages(): TrainingImages {
  const random = new Philox(7);
  const photo = (subject: boolean, index: number) => {
    const { pixels } = proceduralBackground(72, random.split(`image ${subject} ${index}`));
    const mask = { width: 72, height: 72, data: new Uint8Array(72 * 72) };
    for (let i = 0; subject && i < 72 * 72; i++) {
      if (Math.hypot((i % 72) - 30 - 4 * index, Math.floor(i / 72) - 36) > 17) continue;
      mask.data[i] = 255;
      pixels.data.set([210, 30 + ((i * 7) % 40), 40, 255], i * 4);
    }
    return { key: `${subject} ${index}`, pixels, ...(subject ? { mask } : {}) };
  };
  const list = (subject: boolean, count: number) =>
    Array.from({ length: count }, (_, i) => photo(subject, i));
  return { photos: list(true, 3), negatives: list(false, 5), backgrounds: [] };
}
