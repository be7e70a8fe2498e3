import type { Engine } from '../../engine/client.ts';
import type { EvaluationSettings } from '../../engine/evaluation/protocol.ts';
import type { EnginePhoto, Which } from '../../engine/protocol.ts';
import type { PictureRecord } from '../../evaluation/tasks/records.ts';
import { type GalleryEntry, rankGallery } from '../../evaluation/tasks/retrieval.ts';
import type { DatasetPicture, DatasetSubject } from '../../files/dataset/types.ts';
import type { PictureStore } from './pictures.ts';

/** A test picture in the tasks it is in. */
export interface TestPicture {
  picture: DatasetPicture;
  owner: string;
  global: boolean;
  dense: boolean;
}

/** Test pictures of all subjects, at most `limit` of each, evenly over its shifts. */
export function testPictures(subjects: readonly DatasetSubject[], limit: number | null): TestPicture[] {
  return subjects.flatMap(({ name: owner, test, testDense }) => {
    const choose = (list: readonly DatasetPicture[]) => (limit === null ? list : evenly(list, limit));
    const only = testDense !== null;
    return [
      ...choose(test).map((picture) => ({ picture, owner, global: true, dense: !only })),
      ...choose(testDense ?? []).map((picture) => ({ picture, owner, global: false, dense: true })),
    ];
  });
}

/** Pictures in turn from every shift, each shift's evenly spread. */
function evenly(list: readonly DatasetPicture[], limit: number): DatasetPicture[] {
  if (list.length <= limit) return [...list];
  const shifts = [...new Set(list.map(({ shift }) => shift))];
  const each = shifts.map((shift) => list.filter((picture) => picture.shift === shift));
  return each.flatMap((pictures, i) => {
    const count = Math.floor(((i + 1) * limit) / each.length) - Math.floor((i * limit) / each.length);
    return Array.from(
      { length: Math.min(count, pictures.length) },
      (_, j) => pictures[Math.floor((j * pictures.length) / count)]!,
    );
  });
}

/** Class tokens of the training photos of all subjects by one set of weights. */
export async function galleryOf(
  engine: Engine,
  which: Which,
  train: ReadonlyMap<string, readonly EnginePhoto[]>,
): Promise<GalleryEntry[]> {
  const gallery: GalleryEntry[] = [];
  for (const [subject, photos] of train)
    for (const photo of photos) gallery.push({ subject, embedding: await engine.embed(which, photo) });
  return gallery;
}

/** Judge all test pictures for the subject whose photos are the engine's references. */
export async function judgeAll(
  engine: Engine,
  which: Which,
  subject: string,
  pictures: readonly TestPicture[],
  store: PictureStore,
  gallery: readonly GalleryEntry[],
  settings: EvaluationSettings,
  onDone: (done: number) => void,
): Promise<PictureRecord[]> {
  const records: PictureRecord[] = [];
  for (const [i, { picture, owner, global, dense }] of pictures.entries()) {
    const photo = await store.get(picture);
    if (photo) {
      const own = owner === subject;
      const judged = await engine.judge(which, photo, own, { ...settings, dense: settings.dense && dense });
      records.push({
        ...{ image: picture.path, owner, shift: picture.shift, global, score: judged.score },
        retrieval: own && global ? rankGallery(judged.embedding, gallery, subject) : null,
        dense: judged.dense,
      });
    }
    onDone(i + 1);
  }
  return records;
}
