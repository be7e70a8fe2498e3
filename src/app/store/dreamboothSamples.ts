import { decodeImage } from '../../images/decode/decode.ts';
import { encodeImage } from '../../images/decode/encode.ts';
import type { Pixels } from '../../images/types.ts';
import type { RunRecord } from '../../library/types.ts';
import { theLibrary } from './library.ts';

/** A sample made on the way. */
export interface Validation {
  step: number;
  prompt: string;
  seed: number;
  pixels: Pixels;
}

/** Keep a sample with its run, so that it is there after a reload. */
export async function storeSample(run: RunRecord, { pixels, ...sample }: Validation): Promise<void> {
  const blob = await encodeImage(pixels, 'image/png');
  await theLibrary().runs.addSample(run, { ...sample, png: new Uint8Array(await blob.arrayBuffer()) });
}

/** The samples of a run up to a step, in order. */
export async function storedSamples(run: RunRecord, upTo = Number.POSITIVE_INFINITY): Promise<Validation[]> {
  const samples = (await theLibrary().runs.samples(run)).filter(({ step }) => step <= upTo);
  return Promise.all(
    samples.map(async ({ png, ...sample }) => {
      const blob = new Blob([png], { type: 'image/png' });
      const { pixels } = await decodeImage(blob, `sample of step ${sample.step}`);
      return { ...sample, pixels };
    }),
  );
}
