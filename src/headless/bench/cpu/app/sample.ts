import { loadSampleManifest, sampleUrl } from '../../../../library/samples.ts';
import type { TrainingImages } from '../../../../personalize/trainer/trainer.ts';
import { loadPhotos, photosOf } from '../../../personalize/images.ts';

/** The sample that is taught. */
export const SAMPLE = 'dog-biscuit';

/** The bundled samples of the page. */
export function samples() {
  return loadSampleManifest(new URL('samples/', new URL('.', location.href)).href);
}

/**
 * The pictures that the page trains on for the sample dog: its photos with masks, its siblings and the bundled negatives, the
 * bundled backgrounds.
 * @param most pictures of each kind at most
 * @throws Error naming a picture that cannot be read
 */
export async function samplePool(most = Number.POSITIVE_INFINITY) {
  const manifest = await samples();
  const sample = manifest.subjects.find(({ id }) => id === SAMPLE)!;
  const urls = ({ image, mask }: { image: string; mask?: string }) => ({
    ...{ name: image, image: sampleUrl(manifest, image) },
    ...(mask ? { mask: sampleUrl(manifest, mask) } : {}),
  });
  const fail = (message: string) => {
    throw new Error(message);
  };
  // Side by side, as the page decodes them.
  const load = async (pictures: { image: string; mask?: string }[]) =>
    photosOf(
      (await Promise.all(pictures.slice(0, most).map((picture) => loadPhotos([urls(picture)], fail)))).flat(),
    );
  const images = (paths: readonly string[]) => paths.map((image) => ({ image }));
  const [photos, negatives, backgrounds] = await Promise.all([
    load(sample.train),
    load(images([...sample.negatives, ...manifest.negatives])),
    load(images(manifest.backgrounds)),
  ]);
  return { photos, negatives, backgrounds } satisfies TrainingImages;
}
