import { encodeGreyPng } from '../../images/png/encode.ts';
import { type Library, openLibrary } from '../library.ts';
import type { Change, KeyValueStore } from '../storage/store.ts';
import type { NewPhoto, Photo, Subject } from '../types.ts';

let count = 0;

/** A database name that no other test has. */
export const freshName = (): string => `familiar-test-${Date.now()}-${count++}`;

/** A photo record with a small picture of noise, another one for each name. */
export function newPhoto(name: string, fields: Partial<NewPhoto> = {}): NewPhoto {
  const [width, height] = [8, 6];
  const seed = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7);
  const grey = Uint8Array.from({ length: width * height }, (_, i) => Math.imul(seed + i, 2654435761) >>> 24);
  return {
    role: 'train',
    name,
    width,
    height,
    type: 'image/png',
    contentHash: seed.toString(16).padStart(64, '0').slice(-64),
    perceptualHash: '0123456789abcdef',
    blob: new Blob([encodeGreyPng(width, height, grey)], { type: 'image/png' }),
    ...fields,
  };
}

/** A mask of the photo above with some object in it. */
export const smallMask = (photo: { width: number; height: number }) => ({
  width: photo.width,
  height: photo.height,
  data: Uint8Array.from({ length: photo.width * photo.height }, (_, i) => (i % 3 === 0 ? 255 : 0)),
});

/** Give a subject one of everything that a subject can have. */
export async function fill(library: Library, subject: Subject): Promise<{ photos: Photo[] }> {
  const photos: Photo[] = [];
  for (const [i, role] of (
    ['train', 'train', 'train', 'test', 'negative', 'background'] as const
  ).entries()) {
    photos.push(await library.photos.add(subject.id, newPhoto(`${role}-${i}.jpg`, { role })));
  }
  await library.masks.put(photos[0]!, smallMask(photos[0]!), 'edited');
  await library.masks.put(photos[3]!, smallMask(photos[3]!), 'imported');
  const run = await library.runs.create(subject.id, {
    settings: { rank: 8, photos: [photos[0]!.id] },
    totalSteps: 40,
  });
  const tensors = { 'lora.a': Float32Array.of(1, 2, 3), 'adam.m': Float32Array.of(-0.5) };
  await library.runs.saveCheckpoint(
    run,
    { step: 10, state: { rng: [1, 2] }, tensors },
    { history: [{ loss: 1.5 }] },
  );
  const png = encodeGreyPng(2, 2, Uint8Array.of(1, 2, 3, 4));
  for (const step of [0, 10]) await library.runs.addSample(run, { step, prompt: 'a dog', seed: 7, png });
  await library.adapters.add(
    subject.id,
    { name: 'first', encoderId: 'embedded', settings: { rank: 8 }, scores: { auc: 0.9 }, runId: run.id },
    {
      'adapter_model.safetensors': Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, 123, 125),
      'adapter_config.json': new TextEncoder().encode('{"r":8}'),
    },
  );
  return { photos };
}

/** A store that throws `error` instead of making the writes that `fails` picks. */
export function failingStore(
  store: KeyValueStore,
  fails: (change: Change) => boolean,
  error: Error,
): KeyValueStore {
  return {
    kind: store.kind,
    get: (key) => store.get(key),
    entries: (prefix) => store.entries(prefix),
    keys: (prefix) => store.keys(prefix),
    write: (change) => (fails(change) ? Promise.reject(error) : store.write(change)),
  };
}

/** All keys of a database, read without any of the library's code. */
export async function rawKeys(databaseName: string): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(databaseName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found: string[] = [];
  for (const name of database.objectStoreNames) {
    const request = database.transaction(name).objectStore(name).getAllKeys();
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    found.push(...request.result.map(String));
  }
  database.close();
  return found;
}

/** A library in a database of its own. */
export async function freshLibrary(now?: () => number): Promise<{ library: Library; databaseName: string }> {
  const databaseName = freshName();
  return { library: await openLibrary({ databaseName, now }), databaseName };
}
