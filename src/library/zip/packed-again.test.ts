import 'fake-indexeddb/auto';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../images/png/crc32.ts';
import { importSubject } from './import.ts';
import { everything, filled, memory, repack } from './testing.ts';

interface Entry {
  /** Bytes of the name, in whatever code page. */
  name: Uint8Array;
  data: Uint8Array;
  /** 0 stored, 8 deflated, 9 Deflate64. */
  method?: number;
}

interface Options {
  /** General purpose flags: 1 locked, 0x800 names are UTF-8. */
  flags?: number;
  /** Sizes and checksum behind the data instead of before them. */
  descriptors?: boolean;
}

const ascii = (text: string) => new TextEncoder().encode(text);

/** A zip written entry by entry (PKWARE's APPNOTE 6.3, 4.3). */
function writeZip(entries: Entry[], { flags = 0, descriptors = false }: Options = {}): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  const numbers = (...values: [bytes: number, value: number][]) =>
    Uint8Array.from(
      values.flatMap(([bytes, value]) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255)),
    );
  let offset = 0;
  const put = (...pieces: Uint8Array[]) => {
    for (const piece of pieces) {
      parts.push(new Uint8Array(piece));
      offset += piece.length;
    }
  };
  for (const { name, data, method = 8 } of entries) {
    const start = offset;
    const packed = method === 8 ? deflateSync(data) : data;
    const sums: [number, number][] = [
      [4, crc32(data)],
      [4, packed.length],
      [4, data.length],
    ];
    const head: [number, number][] = [
      [2, 20],
      [2, flags | (descriptors ? 8 : 0)],
      [2, method],
      [4, 0x5a210000],
    ];
    const before: [number, number][] = descriptors
      ? [
          [4, 0],
          [4, 0],
          [4, 0],
        ]
      : sums;
    put(numbers([4, 0x04034b50], ...head, ...before, [2, name.length], [2, 0]), name, packed);
    if (descriptors) put(numbers([4, 0x08074b50], ...sums));
    const rest: [number, number][] = [
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, start],
    ];
    directory.push(numbers([4, 0x02014b50], [2, 20], ...head, ...sums, ...rest), new Uint8Array(name));
  }
  const start = offset;
  put(...directory);
  const count: [number, number] = [2, entries.length];
  put(numbers([4, 0x06054b50], [2, 0], [2, 0], count, count, [4, offset - start], [4, start], [2, 0]));
  return new Blob(parts);
}

/** An export, its files, and what is in them. */
async function exported() {
  const { library, subject, zip } = await filled();
  let files: Record<string, Uint8Array<ArrayBuffer>> = {};
  await repack(zip, (all) => void (files = { ...all }));
  const { pictures, maskPngs, adapterFiles } = await everything(library, subject.id);
  return { files, content: { pictures, maskPngs, adapterFiles } };
}

/** Pack the files of an export again and bring them in; what came must be what was exported. */
async function bringIn(
  pack: (files: Record<string, Uint8Array<ArrayBuffer>>) => [Entry[], Options?],
): Promise<void> {
  const { files, content } = await exported();
  const library = await memory();
  const { id } = await importSubject(library, writeZip(...pack(files)), { fileName: 'x.zip' });
  expect(await everything(library, id)).toMatchObject(content);
}

const entriesOf = (
  files: Record<string, Uint8Array>,
  name: (path: string) => Uint8Array = ascii,
  method?: number,
): Entry[] => Object.entries(files).map(([path, data]) => ({ name: name(path), data, method }));

const folder = (name: string): Entry => ({ name: ascii(name), data: new Uint8Array(0), method: 0 });

describe('an export that another program packed again', () => {
  it.each([
    ['with backslashes', (path: string) => path.replaceAll('/', '\\')],
    ['in a folder', (path: string) => `Biscuit/${path}`],
    ['in folders, with backslashes', (path: string) => `Biscuit\\my dog\\${path.replaceAll('/', '\\')}`],
    ['under a drive', (path: string) => `C:\\Users\\me\\${path.replaceAll('/', '\\')}`],
    ['from "."', (path: string) => `./${path}`],
  ])('%s', async (_, name) => {
    await bringIn((files) => [entriesOf(files, (path) => ascii(name(path)))]);
  });

  it.each([
    ['stored', 0, false],
    ['stored, sizes behind', 0, true],
    ['deflated', 8, false],
    ['deflated, sizes behind', 8, true],
  ])('%s', async (_, method, descriptors) => {
    await bringIn((files) => [entriesOf(files, ascii, method), { descriptors }]);
  });

  it('in a folder whose name is in UTF-8 or in a code page', async () => {
    await bringIn((files) => [entriesOf(files, (path) => ascii(`Zoë ポチ/${path}`)), { flags: 0x800 }]);
    // "Zoë" in code page 437.
    const name = (path: string) => Uint8Array.of(0x5a, 0x6f, 0x89, ...ascii(`/${path}`));
    await bringIn((files) => [entriesOf(files, name)]);
  });

  it('with folders, and what macOS and Windows add', async () => {
    await bringIn((files) => [
      [
        folder('Biscuit/'),
        folder('Biscuit\\photos\\'),
        { name: ascii('__MACOSX/Biscuit/._manifest.json'), data: ascii('fork') },
        { name: ascii('__MACOSX/manifest.json'), data: ascii('fork') },
        { name: ascii('Biscuit/.DS_Store'), data: ascii('Bud1'), method: 9 },
        { name: ascii('Biscuit/Thumbs.db'), data: ascii('thumbs') },
        ...entriesOf(files, (path) => ascii(`Biscuit/${path}`)),
      ],
    ]);
  });

  it('with a byte order mark before the manifest', async () => {
    await bringIn((files) => {
      const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...files['manifest.json']!);
      return [entriesOf({ ...files, 'manifest.json': marked })];
    });
  });

  it('with Deflate64 or a password is refused by name', async () => {
    const { files } = await exported();
    const path = Object.keys(files).find((name) => name.endsWith('.png'))!;
    const entries = entriesOf(files).map((entry, i) =>
      Object.keys(files)[i] === path ? { ...entry, method: 9 } : entry,
    );
    const library = await memory();
    await expect(importSubject(library, writeZip(entries), { fileName: 'x.zip' })).rejects.toThrow(
      `x.zip holds ${path} packed with Deflate64, which is not read here.`,
    );
    const locked = writeZip(entriesOf(files), { flags: 1 });
    await expect(importSubject(library, locked, { fileName: 'x.zip' })).rejects.toThrow(
      'x.zip is locked with a password.',
    );
    expect(await library.subjects.list()).toEqual([]);
  });
});
