import type { Engine } from '../../engine/client.ts';
import type { MapSettings } from '../../engine/protocol.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import type { OutputFile } from '../generate/learnAndDraw.ts';
import { toBase64 } from '../personalize/base64.ts';
import { mapPicture } from '../personalize/mapPicture.ts';
import type { TestPicture } from './judging.ts';
import type { PictureStore } from './pictures.ts';
import type { Example } from './protocol.ts';

/** Pictures of each kind. */
const EACH = 2;

/** A picture's change from pretrained to personalized; more is better. */
interface Change {
  image: string;
  owner: string;
  measure: Example['measure'];
  pretrained: number;
  personalized: number;
  gain: number;
}

/**
 * The test pictures that changed most for the better and for the worse: by patch AP of the subject's own pictures where
 * there are masks, else by similarity (of others' pictures, less is better).
 */
export function largestChanges(
  subject: string,
  before: readonly PictureRecord[],
  after: readonly PictureRecord[],
): { better: Change[]; worse: Change[] } {
  const known = new Map(before.map((record) => [record.image, record]));
  const own = after.filter(({ owner }) => owner === subject);
  const byMap = own.some(({ dense }) => dense?.truth?.patchAp != null);
  const changes = (byMap ? own : after).flatMap((record): Change[] => {
    const { image, owner } = record;
    const earlier = known.get(image);
    const pretrained = byMap ? earlier?.dense?.truth?.patchAp : earlier?.score;
    const personalized = byMap ? record.dense?.truth?.patchAp : record.score;
    if (pretrained == null || personalized == null) return [];
    const sign = owner === subject ? 1 : -1;
    const measure = byMap ? 'patch AP' : 'similarity';
    return [
      { ...{ image, owner, measure, pretrained, personalized }, gain: sign * (personalized - pretrained) },
    ];
  });
  const sorted = [...changes].sort((a, b) => b.gain - a.gain);
  return {
    better: sorted.filter(({ gain }) => gain > 0).slice(0, EACH),
    worse: sorted
      .reverse()
      .filter(({ gain }) => gain < 0)
      .slice(0, EACH),
  };
}

/** Pictures of maps for the report, by the engine's present references and adapter. */
export async function makeExamples(
  engine: Engine,
  subject: string,
  name: string,
  before: readonly PictureRecord[],
  after: readonly PictureRecord[],
  pictures: readonly TestPicture[],
  store: PictureStore,
  settings: MapSettings,
): Promise<{ examples: Example[]; files: OutputFile[] }> {
  const { better, worse } = largestChanges(subject, before, after);
  const examples: Example[] = [];
  const files: OutputFile[] = [];
  const add = async (kind: Example['kind'], list: readonly Change[]): Promise<void> => {
    for (const { gain: _, ...change } of list) {
      const found = pictures.find(({ picture }) => picture.path === change.image);
      const photo = found && (await store.get(found.picture));
      if (!photo) continue;
      const maps = await engine.maps(photo, settings);
      const { bytes, scale } = await mapPicture(photo.pixels, maps, settings.mode, 'image/jpeg');
      const file = `examples/${name}-${examples.length}.jpg`;
      files.push({ name: file, base64: toBase64(bytes) });
      examples.push({ file, kind, ...change, scale, mode: settings.mode });
    }
  };
  await add('better', better);
  await add('worse', worse);
  return { examples, files };
}
