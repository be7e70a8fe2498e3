import type { EnginePhoto } from '../../engine/protocol.ts';
import { decodeImage } from '../../images/decode/decode.ts';
import { fetchSample, loadSampleManifest, type SampleManifest, sampleUrl } from '../../library/samples.ts';
import type { PositiveSource } from '../../personalize/settings.ts';
import { classNegatives } from './classImages.ts';
import { BASE_URL } from './engine.ts';
import { enginePhoto, photosIn } from './library.ts';

/** Pictures are trained on at no more than this many pixels a side. */
const SIDE = 512;

let manifest: Promise<SampleManifest> | undefined;

/** The bundled samples' list, fetched once. */
export function bundledSamples(): Promise<SampleManifest> {
  manifest ??= loadSampleManifest(new URL('samples/', BASE_URL).href).catch((error) => {
    manifest = undefined;
    throw error;
  });
  return manifest;
}

const decoded = new Map<string, Promise<EnginePhoto>>();

function bundledPicture(samples: SampleManifest, path: string): Promise<EnginePhoto> {
  let known = decoded.get(path);
  if (!known) {
    known = (async () => {
      const response = await fetchSample(sampleUrl(samples, path));
      const { pixels } = await decodeImage(await response.blob(), path, { maxSide: SIDE });
      return { key: `bundled:${path}`, pixels };
    })();
    decoded.set(path, known);
  }
  return known;
}

/**
 * Negatives and backgrounds of the open subject: the user's own where there are some, those drawn, and the bundled ones. A sample's own
 * siblings are in the library already, as its negatives. Runs on generated pictures oppose them to those that the untuned
 * generator made of the class, where there are some.
 */
export async function negativesAndBackgrounds(positives: PositiveSource): Promise<{
  negatives: EnginePhoto[];
  backgrounds: EnginePhoto[];
}> {
  const samples = await bundledSamples();
  const own = async (role: 'negative' | 'background') => Promise.all(photosIn(role).map(enginePhoto));
  // Backgrounds that were drawn come on top; photos of the user's own are meant instead.
  const photographed = photosIn('background').some(({ generated }) => !generated);
  const bundled = (paths: readonly string[]) =>
    Promise.all(paths.map((path) => bundledPicture(samples, path)));
  const [negatives, backgrounds] = [await own('negative'), await own('background')];
  const ofClass = positives === 'generated' || positives === 'combined' ? await classNegatives() : [];
  return {
    negatives: [...negatives, ...ofClass, ...(await bundled(samples.negatives))],
    backgrounds: photographed ? backgrounds : [...backgrounds, ...(await bundled(samples.backgrounds))],
  };
}
