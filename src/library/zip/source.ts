import { baseName } from '../../files/names.ts';
import { parseJson } from '../../files/text.ts';
import { readImageHeader } from '../../images/decode/header.ts';
import { isPhotoFormat, mimeType } from '../../images/decode/sniff.ts';
import { Fields } from '../fields.ts';
import { sha256 } from '../import/hash.ts';
import { type TensorSpan, unpackTensors } from '../records/tensors.ts';
import type { Photo } from '../types.ts';
import { ArchiveReader } from './archive.ts';
import { EXPORT_AGAIN, ZipError } from './errors.ts';
import {
  FORMAT,
  FORMAT_VERSION,
  type Manifest,
  readManifest,
  readRun,
  type ZippedFile,
  type ZippedRun,
} from './manifest.ts';

/** A zip with its manifest, and files checked against it. */
export class ZipSource {
  readonly manifest: Manifest;
  readonly #archive: ArchiveReader;
  readonly #fileName: string;
  /** Folder that the manifest is in: unpacking and zipping again by hand puts everything into one, or into several. */
  readonly #root: string;

  constructor(bytes: Uint8Array<ArrayBuffer>, fileName: string) {
    this.#fileName = fileName;
    this.#archive = new ArchiveReader(bytes, fileName);
    const path = [...this.#archive.paths]
      .filter((name) => baseName(name) === 'manifest.json')
      .sort((a, b) => a.split('/').length - b.split('/').length)[0];
    if (path === undefined) throw this.#foreign();
    this.#root = path.slice(0, -'manifest.json'.length);
    const json = this.#json(this.#archive.read(path), path);
    if ((json as { format?: unknown } | null)?.format !== FORMAT) throw this.#foreign();
    const fields = new Fields(json, 'manifest', (problem) => this.wrong(problem));
    const version = fields.integer('version', 1);
    if (version > FORMAT_VERSION) {
      throw new ZipError(
        fileName,
        `was exported by a newer Familiar (layout ${version})`,
        'Reload the page to get the newer program.',
      );
    }
    this.manifest = readManifest(fields);
    for (const list of [this.manifest.photos, this.manifest.adapters]) {
      if (new Set(list.map(({ id }) => id)).size < list.length) throw this.wrong('two entries share an id');
    }
  }

  /** A file that the manifest lists, if it is what the manifest says. */
  async read({ file, sha256: expected }: ZippedFile): Promise<Uint8Array<ArrayBuffer>> {
    const data = this.#archive.read(this.#root + file);
    if ((await sha256(data)) !== expected) throw this.wrong(`${file} is not what was exported`);
    return data;
  }

  async runs(): Promise<ZippedRun[]> {
    const runs: ZippedRun[] = [];
    for (const entry of this.manifest.runs) {
      const json = this.#json(await this.read(entry), entry.file);
      runs.push(readRun(new Fields(json, entry.file, (problem) => this.wrong(problem))));
    }
    return runs;
  }

  /** Refuse a picture that is not of the type and size that the manifest says. */
  requirePicture(
    data: Uint8Array<ArrayBuffer>,
    file: string,
    { type, width, height }: Pick<Photo, 'type' | 'width' | 'height'>,
  ): void {
    const header = readImageHeader(data);
    const actual = isPhotoFormat(header.format) ? mimeType(header.format) : header.format;
    if (actual !== type) throw this.wrong(`${file} is ${actual}, not ${type}`);
    if (header.width !== width || header.height !== height) {
      throw this.wrong(`${file} is ${header.width} × ${header.height}, not ${width} × ${height}`);
    }
  }

  /** Refuse a picture that is not a PNG. */
  requirePng(data: Uint8Array<ArrayBuffer>, file: string): void {
    const { format } = this.attempt(file, () => readImageHeader(data));
    if (format !== 'png') throw this.wrong(`${file} is ${format}, not png`);
  }

  tensors(data: Uint8Array<ArrayBuffer>, file: string, layout: TensorSpan[]) {
    return this.attempt(file, () => {
      const floats = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
      return unpackTensors({ layout, chunks: [floats] }, Math.max(1, floats.length));
    });
  }

  /** Run a decoder and put the file's name on what it throws. */
  attempt<T>(file: string, decode: () => T): T {
    try {
      return decode();
    } catch (cause) {
      throw this.wrong(`${file} cannot be read (${cause instanceof Error ? cause.message : cause})`, cause);
    }
  }

  wrong(problem: string, cause?: unknown): ZipError {
    return new ZipError(this.#fileName, `is damaged: ${problem}`, EXPORT_AGAIN, { cause });
  }

  #json(data: Uint8Array, file: string): unknown {
    return this.attempt(file, () => parseJson(data));
  }

  #foreign(): ZipError {
    return new ZipError(
      this.#fileName,
      'is a zip, but not a subject exported from Familiar',
      'To add photos, unpack it and add the photos themselves.',
    );
  }
}
