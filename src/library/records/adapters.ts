import { MissingRecordError, StorageError } from '../storage/errors.ts';
import { keys } from '../storage/keys.ts';
import type { AdapterRecord, Ref } from '../types.ts';
import { type LibraryContext, newId } from './context.ts';

/** An adapter's PEFT files by name: `adapter_model.safetensors`, `adapter_config.json`, … */
export type AdapterFiles = Record<string, Uint8Array<ArrayBuffer>>;

export type NewAdapter = Omit<AdapterRecord, 'id' | 'subjectId' | 'createdAt' | 'files'>;

export class Adapters {
  readonly #context: LibraryContext;

  constructor(context: LibraryContext) {
    this.#context = context;
  }

  /** A subject's adapters, oldest first. */
  async list(subjectId: string): Promise<AdapterRecord[]> {
    const entries = await this.#context.store.entries<AdapterRecord>(keys.adapters(subjectId));
    return entries.map(([, record]) => record).sort((a, b) => a.createdAt - b.createdAt);
  }

  async get({ subjectId, id }: Ref): Promise<AdapterRecord | undefined> {
    return this.#context.store.get<AdapterRecord>(keys.adapter(subjectId, id));
  }

  /**
   * Store an adapter with its files, all or nothing.
   * @param identity id and time of an adapter that comes back from an export
   * @throws QuotaError, MissingRecordError when the subject is gone
   */
  async add(
    subjectId: string,
    fields: NewAdapter,
    files: AdapterFiles,
    identity: Partial<Pick<AdapterRecord, 'id' | 'createdAt'>> = {},
  ): Promise<AdapterRecord> {
    const { id = newId(), createdAt = this.#context.now() } = identity;
    const listed = Object.entries(files).map(([name, data]) => ({ name, bytes: data.length }));
    for (const { name } of listed) {
      if (!isAdapterFileName(name))
        throw new StorageError(`"${name}" is no name for an adapter file.`, 'Rename it.');
    }
    const record: AdapterRecord = { ...fields, id, subjectId, createdAt, files: listed };
    const prefix = keys.adapterFiles(subjectId, id);
    await this.#context.store.write({
      requires: [keys.subject(subjectId)],
      put: [
        ...Object.entries(files).map(([name, data]) => [prefix + name, data] as const),
        [keys.adapter(subjectId, id), record],
      ],
    });
    return record;
  }

  /** The files of an adapter by name. @throws MissingRecordError */
  async files({ subjectId, id }: Ref): Promise<AdapterFiles> {
    const record = await this.get({ subjectId, id });
    if (!record) throw new MissingRecordError(keys.adapter(subjectId, id));
    const prefix = keys.adapterFiles(subjectId, id);
    const entries = await this.#context.store.entries<Uint8Array<ArrayBuffer>>(prefix);
    const stored = new Map(entries.map(([key, data]) => [key.slice(prefix.length), data]));
    const files: AdapterFiles = {};
    for (const { name } of record.files) {
      const data = stored.get(name);
      if (!data) throw new MissingRecordError(prefix + name);
      files[name] = data;
    }
    return files;
  }

  /**
   * Rename it, note its scores or the encoder that it belongs to.
   * @param files those that replace files of the same names
   * @throws QuotaError, MissingRecordError
   */
  async update(
    ref: Ref,
    fields: Partial<Pick<AdapterRecord, 'name' | 'scores' | 'encoderId'>>,
    files: AdapterFiles = {},
  ): Promise<AdapterRecord> {
    const key = keys.adapter(ref.subjectId, ref.id);
    const record = await this.get(ref);
    if (!record) throw new MissingRecordError(key);
    const listed = record.files.map((file) => ({ ...file, bytes: files[file.name]?.length ?? file.bytes }));
    const changed = { ...record, ...fields, files: listed };
    const prefix = keys.adapterFiles(ref.subjectId, ref.id);
    const replaced = listed.flatMap(({ name }) =>
      files[name] ? [[prefix + name, files[name]] as const] : [],
    );
    await this.#context.store.write({ requires: [key], put: [...replaced, [key, changed]] });
    return changed;
  }

  async remove({ subjectId, id }: Ref): Promise<void> {
    await this.#context.store.write({
      remove: [keys.adapter(subjectId, id)],
      removePrefixes: [keys.adapterFiles(subjectId, id)],
    });
  }
}

/** File names of adapters become parts of keys and of zip paths: no separators, no leading dot. */
export function isAdapterFileName(name: string): boolean {
  return /^[\w-][\w.-]{0,127}$/.test(name);
}
