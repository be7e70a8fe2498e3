import { LENGTH_BYTES, parseHeader, readJsonLength } from '../safetensors/header.ts';

/** Bytes from either end of a weight file that go into the digest. */
const END_BYTES = 64 * 1024;

/** Bytes from the middle of every tensor that go into the digest. */
const TENSOR_BYTES = 256;

/**
 * Twelve hex digits that tell the content of an encoder's files, the same for the same files wherever they lie, whatever
 * they are called and in whatever order they come.
 *
 * Covered are the values of config.json, the size and the header of every weight file, 64 KiB from both its ends, and 256
 * bytes from the middle of every tensor: training changes nearly all numbers of the tensors that it reaches, so two
 * fine-tunes of one architecture differ. Not covered are preprocessor_config.json and the rest of the numbers, as
 * reading gigabytes would take longer than loading them.
 * @param config the parsed config.json
 * @throws SafetensorsError
 */
export async function contentDigest(config: unknown, weights: readonly File[]): Promise<string> {
  const files = await Promise.all(weights.map(async (file) => sha256(await sample(file))));
  const text = [JSON.stringify(config, sortedKeys), ...files.sort()].join('\n');
  return (await sha256(new TextEncoder().encode(text))).slice(0, 12);
}

/** What the digest covers of a weight file: its size, its header, both ends, the middle of every tensor. */
async function sample(file: File): Promise<Uint8Array<ArrayBuffer>> {
  const read = async (begin: number, end: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await file.slice(begin, end).arrayBuffer());
  const length = readJsonLength(await read(0, LENGTH_BYTES), file.name);
  const json = await read(LENGTH_BYTES, LENGTH_BYTES + length);
  const { tensors } = parseHeader(json, file.name, file.size);
  const middles = tensors.map(({ begin, end }) => {
    const from = Math.max(begin, Math.floor((begin + end - TENSOR_BYTES) / 2));
    return read(from, Math.min(end, from + TENSOR_BYTES));
  });
  const parts = [
    new TextEncoder().encode(`${file.size}\n`),
    json,
    await read(0, END_BYTES),
    await read(Math.max(0, file.size - END_BYTES), file.size),
    ...(await Promise.all(middles)),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** For JSON.stringify: objects with their keys in the order of their names. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
