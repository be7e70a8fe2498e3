import { MaskSizeError } from '../../images/mask/size.ts';
import type { Mask } from '../../images/types.ts';
import { decodeMaskPng, encodeMaskPng } from '../mask/png.ts';
import { keys } from '../storage/keys.ts';
import type { MaskRecord, MaskSource, Photo } from '../types.ts';
import type { LibraryContext } from './context.ts';

/** Masks are small: record and PNG are one value. */
type StoredMask = MaskRecord & { png: Uint8Array<ArrayBuffer> };

type MaskOwner = Pick<Photo, 'id' | 'subjectId'>;

function toRecord({ png: _, ...record }: StoredMask): MaskRecord {
  return record;
}

export class Masks {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /** Which of a subject's photos have masks, and whose. */
  async list(subjectId: string): Promise<MaskRecord[]> {
    const entries = await this.#context.store.entries<StoredMask>(keys.masks(subjectId));
    return entries.map(([, stored]) => toRecord(stored));
  }

  /** The mask of a photo, at the photo's size. */
  async get(photo: MaskOwner): Promise<Mask | undefined> {
    const stored = await this.#stored(photo);
    return stored && decodeMaskPng(stored.png);
  }

  async record(photo: MaskOwner): Promise<MaskRecord | undefined> {
    const stored = await this.#stored(photo);
    return stored && toRecord(stored);
  }

  /** The mask as it is stored: an 8-bit grey PNG. */
  async png(photo: MaskOwner): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#stored(photo))?.png;
  }

  /**
   * Store the mask of a photo in place of the one before.
   * @throws MaskSizeError when it is not of the photo's size; MissingRecordError when the photo is gone
   */
  async put(photo: Photo, mask: Mask, source: MaskSource): Promise<MaskRecord> {
    return this.putPng(photo, mask, encodeMaskPng(mask), source, this.#context.now());
  }

  /** Store a mask with its PNG as it is; `mask` is what the PNG decodes to. */
  async putPng(
    photo: Photo,
    { width, height }: Mask,
    png: Uint8Array<ArrayBuffer>,
    source: MaskSource,
    updatedAt: number,
  ): Promise<MaskRecord> {
    const { id: photoId, subjectId } = photo;
    if (width !== photo.width || height !== photo.height) {
      throw new MaskSizeError('The mask', { width, height }, photo.name, photo);
    }
    const stored: StoredMask = { photoId, subjectId, width, height, source, updatedAt, png };
    await this.#context.store.write({
      requires: [keys.photo(subjectId, photoId)],
      put: [[keys.mask(subjectId, photoId), stored]],
    });
    return toRecord(stored);
  }

  async remove(photo: MaskOwner): Promise<void> {
    await this.#context.store.write({ remove: [keys.mask(photo.subjectId, photo.id)] });
  }

  async #stored(photo: MaskOwner): Promise<StoredMask | undefined> {
    return this.#context.store.get<StoredMask>(keys.mask(photo.subjectId, photo.id));
  }
}
