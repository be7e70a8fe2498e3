import { addSampleSubject } from '../../../../library/add-sample.ts';
import { type Library, openLibrary } from '../../../../library/library.ts';
import { photoPixels } from '../../../../library/pixels.ts';
import type { Photo } from '../../../../library/types.ts';
import { withEngine } from './engine.ts';
import { SAMPLE, samples } from './sample.ts';

/** Seconds from a click on a sample to its first map. */
export interface FirstMapReport {
  seconds: number;
  /** Until the sample is in the library; until its photos are decoded; until the engine has answered with the map. */
  stages: { library: number; photos: number; map: number };
}

/** Open the sample dog in an empty library and map its first test photo with the pretrained encoder, as the page does. */
export function benchFirstMap(): Promise<FirstMapReport> {
  return withEngine(async (engine, encoder) => {
    const library = await openLibrary();
    const manifest = await samples();
    const times = [performance.now()];
    const lap = () => times.push(performance.now());
    const subject = await addSampleSubject(library, manifest, SAMPLE);
    lap();
    const photos = await library.photos.list(subject.id);
    const load = (photo: Photo) => enginePhoto(library, photo);
    const references = await Promise.all(photos.filter(({ role }) => role === 'train').map(load));
    const shown = await load(photos.find(({ role }) => role === 'test')!);
    lap();
    await engine.setReferences(references);
    const maps = await engine.maps(shown, { size: encoder.inputSize, mode: 'reference', frame: 'fit' });
    lap();
    if (maps.length !== 1) throw new Error(`${maps.length} maps instead of the pretrained one`);
    const [start, added, decoded, mapped] = times as [number, number, number, number];
    return {
      seconds: (mapped - start) / 1000,
      stages: {
        library: (added - start) / 1000,
        photos: (decoded - added) / 1000,
        map: (mapped - decoded) / 1000,
      },
    };
  });
}

async function enginePhoto(library: Library, photo: Photo) {
  const [pixels, mask] = await Promise.all([photoPixels(library, photo), library.masks.get(photo)]);
  return { key: photo.id, pixels, ...(mask ? { mask } : {}) };
}
