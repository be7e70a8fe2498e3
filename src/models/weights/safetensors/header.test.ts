import { describe, expect, it } from 'vitest';
import { SafetensorsError } from './errors.ts';
import { readHeader } from './parse.ts';
import { errorOf, handmadeFile } from './testing.ts';

const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

/** The error for a file with this header over `dataBytes` zeros. */
async function refusal(header: unknown, dataBytes: number): Promise<SafetensorsError> {
  const error = await errorOf(() =>
    readHeader(handmadeFile(header, new Uint8Array(dataBytes)), 'bad.safetensors'),
  );
  expect(error).toBeInstanceOf(SafetensorsError);
  expect(error.message).toContain('bad.safetensors');
  return error as SafetensorsError;
}

describe('readHeader', () => {
  it('lists tensors in file order with absolute byte ranges, and the metadata', () => {
    const header = {
      second: entry('F16', [3], 8, 14),
      __metadata__: { format: 'pt' },
      first: entry('F32', [2, 1], 0, 8),
      scalar: entry('U8', [], 14, 15),
      empty: entry('F32', [0, 5], 8, 8),
    };
    const file = handmadeFile(header, new Uint8Array(15));
    const start = file.length - 15;
    const { tensors, metadata, totalBytes } = readHeader(file, 'f');
    expect(metadata).toEqual({ format: 'pt' });
    expect(totalBytes).toBe(file.length);
    expect(tensors).toEqual([
      { name: 'first', dtype: 'F32', shape: [2, 1], begin: start, end: start + 8 },
      { name: 'empty', dtype: 'F32', shape: [0, 5], begin: start + 8, end: start + 8 },
      { name: 'second', dtype: 'F16', shape: [3], begin: start + 8, end: start + 14 },
      { name: 'scalar', dtype: 'U8', shape: [], begin: start + 14, end: start + 15 },
    ]);
  });

  it('takes a header padded with spaces', () => {
    const file = handmadeFile(`${JSON.stringify({ a: entry('U8', [1], 0, 1) })}    `, new Uint8Array(1));
    expect(readHeader(file, 'f').tensors).toHaveLength(1);
  });

  it('refuses a range that does not fit dtype and shape, naming both sizes and the byte', async () => {
    const error = await refusal({ a: entry('F32', [2, 3], 0, 20) }, 20);
    expect(error.tensor).toBe('a');
    expect(error.message).toContain('F32 [2, 3] takes 24 bytes, but its range has 20');
    expect(error.byteOffset).toBe(8 + JSON.stringify({ a: entry('F32', [2, 3], 0, 20) }).length);
  });

  it.each([
    ['overlap', 4, 12, 'overlaps "a" by 4 bytes'],
    ['gap', 12, 20, '4 bytes between it and "a" belong to no tensor'],
  ])('refuses an %s between tensors', async (_, begin, end, words) => {
    const error = await refusal({ a: entry('F32', [2], 0, 8), b: entry('F32', [2], begin, end) }, end);
    expect(error.tensor).toBe('b');
    expect(error.message).toContain(words);
  });

  it('refuses a first tensor that does not start right after the header', async () => {
    expect((await refusal({ a: entry('U8', [1], 2, 3) }, 3)).message).toContain(
      '2 bytes between it and the header',
    );
  });

  it('names the tensor in which a shortened file ends', async () => {
    const header = { a: entry('F32', [2], 0, 8), b: entry('F32', [2], 8, 16) };
    const error = await refusal(header, 11);
    expect(error.tensor).toBe('b');
    expect(error.byteOffset).toBe(8 + JSON.stringify(header).length + 11);
  });

  it('refuses bytes after the last tensor', async () => {
    expect((await refusal({ a: entry('U8', [1], 0, 1) }, 4)).message).toContain(
      '3 bytes follow the last tensor',
    );
  });

  it.each([
    ['dtype', entry('F33', [1], 0, 4), 'dtype "F33" is not known'],
    ['dtype of the prototype', entry('toString', [1], 0, 4), 'dtype "toString" is not known'],
    ['negative size', entry('F32', [-1], 0, 4), 'shape [-1] is not a list of sizes'],
    ['fractional size', entry('F32', [1.5], 0, 6), 'shape [1.5] is not a list of sizes'],
    ['shape', entry('F32', 'x', 0, 4), 'shape "x" is not a list of sizes'],
    ['backward range', entry('F32', [1], 4, 0), 'data_offsets [4,0] are not a byte range'],
    ['endless range', entry('F32', [1], 0, 2 ** 60), 'are not a byte range'],
    ['entry', 7, 'its entry in the header is not an object'],
  ])('refuses a wrong %s', async (_, wrong, words) => {
    const error = await refusal({ wrong }, 4);
    expect(error.tensor).toBe('wrong');
    expect(error.message).toContain(words);
  });

  it('takes the metadata as texts, and nothing for none', () => {
    const metadata = (value: unknown) =>
      readHeader(handmadeFile({ __metadata__: value, a: entry('U8', [1], 0, 1) }, new Uint8Array(1)), 'f')
        .metadata;
    expect(metadata(null)).toEqual({});
    expect(metadata({})).toEqual({});
    expect(metadata({ format: 'pt', step: 3, none: null, list: ['a'] })).toEqual({
      ...{ format: 'pt', step: '3', list: '["a"]' },
    });
  });

  it('refuses a header that is no JSON object', async () => {
    expect((await refusal('{"a":', 0)).message).toContain('the header is not JSON');
    expect((await refusal('[1, 2]', 0)).message).toContain('the header is not a JSON object');
    expect((await refusal({ __metadata__: ['a'] }, 0)).message).toContain('__metadata__');
  });
});

describe('files of other kinds', () => {
  const text = (words: string) => new TextEncoder().encode(words);

  it.each([
    ['an LFS pointer', text('version https://git-lfs.github.com/spec/v1\n'), 'Git LFS pointer'],
    ['a web page', text('<!doctype html><html></html>'), 'web page'],
    [
      'an LFS pointer with a mark',
      text('\uFEFFversion https://git-lfs.github.com/spec/v1\n'),
      'Git LFS pointer',
    ],
    ['a web page with a mark', text('\uFEFF\n<!doctype html><html></html>'), 'web page'],
    ['an XML page', text('<?xml version="1.0"?><Error/>'), 'web page, not a safetensors file'],
    [
      'a zip',
      text('PK\u0003\u0004 and more bytes'),
      'this is a zip, as PyTorch writes too, not a safetensors file',
    ],
    ['a pickle', Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9), 'this is a pickle'],
    ['JSON', text('{"error":"Repository not found"}'), 'this is a text, not a safetensors file'],
    ['noise', new Uint8Array(9).fill(0xff), 'bytes is announced, so this is not a safetensors file'],
    ['an empty file', new Uint8Array(0), 'the file has only 0 bytes'],
    [
      'a file cut in its header',
      handmadeFile({ a: entry('U8', [1], 0, 1) }).subarray(0, 20),
      'ends inside its header',
    ],
  ])('tells %s', async (_, bytes, words) => {
    const error = await errorOf(() => readHeader(bytes, 'other.bin'));
    expect(error).toBeInstanceOf(SafetensorsError);
    expect(error.message).toContain(words);
  });
});
