import { type UnzipFileInfo, unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { isClutter, plainPath } from './entryNames.ts';
import { EXPORT_AGAIN, ZipError } from './errors.ts';

/** Most files that an archive may hold. */
export const MAX_ENTRIES = 10_000;
/** Most bytes that an archive may unpack to. */
export const MAX_UNPACKED_BYTES = 2e9;
/** Photos hardly shrink in a zip and text shrinks tenfold; a large file that grows more than this is a bomb. */
const MAX_RATIO = 100;
const RATIO_FROM_BYTES = 1e6;

/** How an entry may be packed: stored, or deflated. */
const READABLE = new Set([0, 8]);
const DEFLATE64 = 9;

/** Writes a zip piece by piece, so that no more than one file is held twice. */
export class ArchiveWriter {
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  readonly #zip: Zip;
  readonly #modified: number;
  #failure: Error | undefined;

  /** @param modified time stamp of the files, milliseconds since 1970 */
  constructor(modified: number) {
    this.#modified = modified;
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#failure = error;
      else this.#parts.push(new Uint8Array(chunk));
    });
  }

  /** Add a file as it is; pictures and weights do not shrink. */
  add(path: string, data: Uint8Array): void {
    this.#push(new ZipPassThrough(path), data);
  }

  /** Add a file as indented JSON, compressed. */
  addJson(path: string, value: unknown): void {
    this.#push(
      new ZipDeflate(path, { level: 6 }),
      new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`),
    );
  }

  finish(): Blob {
    this.#zip.end();
    if (this.#failure) throw this.#failure;
    return new Blob(this.#parts, { type: 'application/zip' });
  }

  #push(entry: ZipPassThrough | ZipDeflate, data: Uint8Array): void {
    entry.mtime = this.#modified;
    this.#zip.add(entry);
    entry.push(data, true);
  }
}

/**
 * Reads the files of a zip one at a time, after its directory was found to be bearable. Knows zips that other programs packed
 * again: paths as Windows writes them, entries for folders, what macOS adds.
 */
export class ArchiveReader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #fileName: string;
  /** Names of the entries by their plain paths. */
  readonly #names: ReadonlyMap<string, string>;

  /** @throws ZipError for what is no zip, is cut short, locked, packed in a way that is not read, or would unpack beyond all measure */
  constructor(bytes: Uint8Array<ArrayBuffer>, fileName: string) {
    this.#bytes = bytes;
    this.#fileName = fileName;
    const entries: UnzipFileInfo[] = [];
    this.#unzip((entry) => {
      entries.push(entry);
      return false;
    });
    this.#refuseBombs(entries);
    const files = entries.filter(({ name }) => !isClutter(plainPath(name)));
    this.#refusePacking(files);
    this.#names = new Map(files.map(({ name }) => [plainPath(name), name]));
  }

  /** Paths of the files, with "/" between folders, without folders' own entries and what operating systems add. */
  get paths(): Iterable<string> {
    return this.#names.keys();
  }

  /** The content of a file. @throws ZipError when it is missing or damaged */
  read(path: string): Uint8Array<ArrayBuffer> {
    const name = this.#names.get(path);
    const data = name === undefined ? undefined : this.#unzip((entry) => entry.name === name)[name];
    if (!data) throw new ZipError(this.#fileName, `lacks the file ${path}`, EXPORT_AGAIN);
    return new Uint8Array(data);
  }

  #unzip(filter: (entry: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
    if (this.#bytes[0] !== 0x50 || this.#bytes[1] !== 0x4b) {
      throw new ZipError(
        this.#fileName,
        'is not a zip file',
        'Choose a file that was exported from Familiar',
      );
    }
    try {
      return unzipSync(this.#bytes, { filter });
    } catch (cause) {
      throw new ZipError(this.#fileName, 'is damaged or cut short', EXPORT_AGAIN, { cause });
    }
  }

  #refusePacking(files: readonly UnzipFileInfo[]): void {
    const remedy =
      'Pack it again as a plain zip (Deflate) without a password, or choose the exported file itself.';
    // Bit 0 of the first entry's flags; programs lock all entries or none.
    if (this.#bytes[6]! & 1) throw new ZipError(this.#fileName, 'is locked with a password', remedy);
    const packed = files.find(({ compression }) => !READABLE.has(compression));
    if (!packed) return;
    const how = packed.compression === DEFLATE64 ? 'Deflate64' : `method ${packed.compression}`;
    throw new ZipError(
      this.#fileName,
      `holds ${plainPath(packed.name)} packed with ${how}, which is not read here`,
      remedy,
    );
  }

  #refuseBombs(entries: readonly UnzipFileInfo[]): void {
    const remedy = 'Choose a file that was exported from Familiar';
    if (entries.length > MAX_ENTRIES) {
      throw new ZipError(
        this.#fileName,
        `holds ${entries.length} files; the limit is ${MAX_ENTRIES}`,
        remedy,
      );
    }
    let total = 0;
    for (const { name, size, originalSize } of entries) {
      total += originalSize;
      if (originalSize > RATIO_FROM_BYTES && originalSize > MAX_RATIO * size) {
        throw new ZipError(
          this.#fileName,
          `looks like a zip bomb: ${name} would grow ${Math.round(originalSize / size)} times`,
          remedy,
        );
      }
    }
    if (total > MAX_UNPACKED_BYTES) {
      throw new ZipError(
        this.#fileName,
        `would unpack to ${(total / 1e9).toFixed(1)} GB; the limit is ${MAX_UNPACKED_BYTES / 1e9} GB`,
        remedy,
      );
    }
  }
}
