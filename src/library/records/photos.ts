import { MissingRecordError } from '../storage/errors.ts';
import { keys } from '../storage/keys.ts';
import type { NewPhoto, Photo, PhotoRole, Ref } from '../types.ts';
import { type LibraryContext, newId } from './context.ts';

/** The picture file of a photo. Bytes, not a Blob: some browsers lose Blobs that they keep in IndexedDB. */
interface StoredFile {
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** All that `remove` took away, for undo. */
export interface RemovedPhoto {
  photo: Photo;
  file: StoredFile;
  /** The stored mask record, when there was one. */
  mask?: unknown;
}

export class Photos {
  readonly #context: LibraryContext;
  #lastAddedAt = 0;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /** A subject's photos (of one role), in the order they were added. */
  async list(subjectId: string, role?: PhotoRole): Promise<Photo[]> {
    const entries = await this.#context.store.entries<Photo>(keys.photos(subjectId));
    return entries
      .map(([, photo]) => photo)
      .filter((photo) => role === undefined || photo.role === role)
      .sort((a, b) => a.addedAt - b.addedAt || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  async get({ subjectId, id }: Ref): Promise<Photo | undefined> {
    return this.#context.store.get<Photo>(keys.photo(subjectId, id));
  }

  /** The stored picture file. @throws MissingRecordError */
  async blob({ subjectId, id }: Ref): Promise<Blob> {
    const file = await this.#context.store.get<StoredFile>(keys.blob(subjectId, id));
    if (!file) throw new MissingRecordError(keys.blob(subjectId, id));
    return new Blob([file.bytes], { type: file.type });
  }

  /**
   * Store a photo: the picture first, then its record, in one transaction.
   * @param identity id and time of a photo that comes back from an export
   * @throws QuotaError, MissingRecordError when the subject is gone
   */
  async add(
    subjectId: string,
    { blob, ...fields }: NewPhoto,
    identity: Partial<Pick<Photo, 'id' | 'addedAt'>> = {},
  ): Promise<Photo> {
    const { id = newId(), addedAt = this.#nextTime() } = identity;
    const photo: Photo = { ...fields, id, subjectId, addedAt, bytes: blob.size };
    const file: StoredFile = { type: fields.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
    await this.#context.store.write({
      requires: [keys.subject(subjectId)],
      put: [
        [keys.blob(subjectId, id), file],
        [keys.photo(subjectId, id), photo],
      ],
    });
    return photo;
  }

  /** Change what is said about a photo. @throws MissingRecordError */
  async update(
    ref: Ref,
    fields: Partial<Pick<Photo, 'role' | 'name' | 'shift' | 'isSubject' | 'generated'>>,
  ): Promise<Photo> {
    const key = keys.photo(ref.subjectId, ref.id);
    const photo = await this.get(ref);
    if (!photo) throw new MissingRecordError(key);
    const changed = { ...photo, ...fields };
    await this.#context.store.write({ requires: [key], put: [[key, changed]] });
    return changed;
  }

  /** Delete a photo with its mask. Returns what was deleted, for `putBack`. @throws MissingRecordError */
  async remove(ref: Ref): Promise<RemovedPhoto> {
    const { subjectId, id } = ref;
    const photo = await this.get(ref);
    const file = await this.#context.store.get<StoredFile>(keys.blob(subjectId, id));
    if (!photo || !file) throw new MissingRecordError(keys.photo(subjectId, id));
    const mask = await this.#context.store.get<unknown>(keys.mask(subjectId, id));
    await this.#context.store.write({
      remove: [keys.photo(subjectId, id), keys.mask(subjectId, id), keys.blob(subjectId, id)],
    });
    return { photo, file, mask };
  }

  /** Undo `remove`. */
  async putBack({ photo, file, mask }: RemovedPhoto): Promise<void> {
    const { subjectId, id } = photo;
    const put: [string, unknown][] = [
      [keys.blob(subjectId, id), file],
      [keys.photo(subjectId, id), photo],
    ];
    if (mask !== undefined) put.push([keys.mask(subjectId, id), mask]);
    await this.#context.store.write({ requires: [keys.subject(subjectId)], put });
  }

  /** Photos are listed by the time they were added: several in one millisecond must not share it. */
  #nextTime(): number {
    this.#lastAddedAt = Math.max(this.#context.now(), this.#lastAddedAt + 1);
    return this.#lastAddedAt;
  }
}
