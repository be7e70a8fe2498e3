import { FeatureStore } from '../../engine/features.ts';
import { hoverMaps } from '../../engine/hover.ts';
import type { Pixels } from '../../images/types.ts';
import { Philox } from '../../random/philox.ts';
import type { Context } from '../../tensor/context.ts';
import { type HostEncoder, loadHostEncoder, SEED } from './encoders.ts';
import type { HoverRow } from './report.ts';
import { timeRuns } from './timing.ts';

const PHOTOS = 8;

/**
 * Time until the maps of one patch against every patch of eight photos are in main memory, by one set of weights, another
 * patch each time. The photos' features are there already, as they are in the
 * page; how many layers made them does not matter.
 */
export async function benchHover(context: Context, host: HostEncoder): Promise<HoverRow> {
  const { encoder, release } = loadHostEncoder(context, host);
  const features = new FeatureStore(context, encoder, host.preprocess);
  const size = host.preprocess.cropWidth;
  const target = { mode: 'fit', size } as const;
  const keys = Array.from({ length: PHOTOS }, (_, i) => `photo ${i}`);
  for (const key of keys) await features.dense('pretrained', key, noise(key, size), target);
  const patches = (size / host.config.patch) ** 2;
  let patch = 0;
  const timing = await timeRuns(
    async () => {
      patch = (patch + 37) % patches;
      await hoverMaps(context, features, keys[0]!, patch, keys, target);
    },
    { runs: 50, budgetMs: 2000, least: 5 },
  );
  features.release();
  release();
  return { encoder: host.name, photos: PHOTOS, patches, ...timing };
}

/** A photo of random colours. */
function noise(label: string, side: number): Pixels {
  const random = new Philox(SEED).split(label);
  const data = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : random.int(256);
  return { width: side, height: side, data };
}
