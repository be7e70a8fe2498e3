import { DTYPE_BYTES, type Dtype } from './dtypes.ts';
import { SafetensorsError } from './errors.ts';

/** One tensor of a file, before its numbers are read. */
export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** First byte and the byte after the last, from the start of the file. */
  begin: number;
  end: number;
}

/** What a safetensors file says of itself: https://huggingface.co/docs/safetensors (format). */
export interface SafetensorsHeader {
  /** In file order, without gaps. */
  tensors: TensorEntry[];
  /** The texts of `__metadata__`; values that are no texts are there as JSON, null is not. */
  metadata: Record<string, string>;
  /** Size of the whole file. */
  totalBytes: number;
}

/** Bytes before the JSON text: its length, a 64-bit little-endian number. */
export const LENGTH_BYTES = 8;

/** The reference implementation's limit on the JSON text. */
const MAX_JSON_BYTES = 100_000_000;

/**
 * Length of the JSON text that follows the first eight bytes of a file.
 * @param first the first eight bytes
 * @throws SafetensorsError when no safetensors file starts so
 */
export function readJsonLength(first: Uint8Array, fileName: string): number {
  const place = { byteOffset: 0 };
  if (first.length < LENGTH_BYTES) {
    throw new SafetensorsError(fileName, `the file has only ${first.length} bytes`, place);
  }
  const text = new TextDecoder('latin1').decode(first.subarray(0, LENGTH_BYTES)).replace(BOM, '');
  if (text.startsWith('versi')) {
    throw new SafetensorsError(
      fileName,
      'this is a Git LFS pointer, not the weights',
      place,
      'Run "git lfs pull" where it comes from, or download the file itself.',
    );
  }
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > MAX_JSON_BYTES) {
    const kind = kindOf(text) ?? `a header of ${length} bytes is announced, so this is`;
    throw new SafetensorsError(fileName, `${kind} not a safetensors file`, place);
  }
  return Number(length);
}

/** UTF-8's byte order mark, read as Latin-1. */
const BOM = /^\xef\xbb\xbf/;

/** What files that are none of ours begin with. */
const KINDS: readonly [begins: (text: string) => boolean, kind: string][] = [
  [(text) => /^\s*<[!?a-z]/i.test(text), 'this is a web page,'],
  [(text) => text.startsWith('PK\x03\x04'), 'this is a zip, as PyTorch writes too,'],
  [(text) => text.startsWith('\x80'), 'this is a pickle of Python or PyTorch,'],
  [(text) => text.startsWith('GGUF'), 'this is a GGUF file,'],
  [(text) => /^[\s\x20-\x7e]+$/.test(text), 'this is a text,'],
];

/** What a file is by its first bytes, as the beginning of a sentence; undefined where they do not tell. */
function kindOf(text: string): string | undefined {
  return KINDS.find(([begins]) => begins(text))?.[1];
}

/**
 * Read and check the JSON text: every tensor's dtype is known, its shape fits its byte range, and the ranges follow each
 * other without overlap or gap.
 * @param json the text's bytes, as many as `readJsonLength` said
 * @param totalBytes the file's size where it is known
 * @throws SafetensorsError naming the tensor and the byte
 */
export function parseHeader(json: Uint8Array, fileName: string, totalBytes?: number): SafetensorsHeader {
  const dataStart = LENGTH_BYTES + json.length;
  const { __metadata__: metadata, ...entries } = parseJson(json, fileName);
  const tensors = Object.entries(entries)
    .map(([name, entry]) => readEntry(name, entry, dataStart, fileName))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  const end = checkRanges(tensors, dataStart, fileName);
  if (totalBytes !== undefined && totalBytes < end) {
    const cut = tensors.find((tensor) => tensor.end > totalBytes);
    throw new SafetensorsError(
      fileName,
      `the file ends after ${totalBytes} bytes, inside or before this tensor; it should have ${end}`,
      { tensor: cut?.name, byteOffset: totalBytes },
    );
  }
  if (totalBytes !== undefined && totalBytes > end) {
    throw new SafetensorsError(fileName, `${totalBytes - end} bytes follow the last tensor`, {
      byteOffset: end,
    });
  }
  return { tensors, metadata: readMetadata(metadata, fileName), totalBytes: end };
}

function parseJson(json: Uint8Array, fileName: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    if (isRecord(value)) return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SafetensorsError(fileName, `the header is not JSON (${reason})`, { byteOffset: LENGTH_BYTES });
  }
  throw new SafetensorsError(fileName, 'the header is not a JSON object', { byteOffset: LENGTH_BYTES });
}

/** Some writers store null for nothing, and numbers or maps among the texts, although the format has texts only. */
function readMetadata(metadata: unknown, fileName: string): Record<string, string> {
  if (metadata === undefined || metadata === null) return {};
  if (!isRecord(metadata)) {
    throw new SafetensorsError(fileName, '__metadata__ is not a map', { byteOffset: LENGTH_BYTES });
  }
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const said = Object.entries(metadata).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([key, value]) => [key, asText(value)]));
}

function readEntry(name: string, entry: unknown, dataStart: number, fileName: string): TensorEntry {
  const fail = (problem: string): never => {
    throw new SafetensorsError(fileName, problem, { tensor: name, byteOffset: LENGTH_BYTES });
  };
  if (!isRecord(entry)) return fail('its entry in the header is not an object');
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BYTES, dtype)) {
    return fail(`dtype ${JSON.stringify(dtype)} is not known`);
  }
  if (!isSizes(shape)) return fail(`shape ${JSON.stringify(shape)} is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    return fail(`data_offsets ${JSON.stringify(offsets)} are not a byte range`);
  }
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype as Dtype]);
  if (needed !== end - begin) {
    const announced = `${dtype} [${shape.join(', ')}] takes ${needed} bytes`;
    throw new SafetensorsError(fileName, `${announced}, but its range has ${end - begin}`, {
      tensor: name,
      byteOffset: dataStart + begin,
    });
  }
  return { name, dtype: dtype as Dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

/** @returns the byte after the last tensor */
function checkRanges(tensors: TensorEntry[], dataStart: number, fileName: string): number {
  let end = dataStart;
  let before = 'the header';
  for (const tensor of tensors) {
    if (tensor.begin !== end) {
      const problem =
        tensor.begin < end
          ? `it overlaps ${before} by ${end - tensor.begin} bytes`
          : `${tensor.begin - end} bytes between it and ${before} belong to no tensor`;
      throw new SafetensorsError(fileName, problem, {
        tensor: tensor.name,
        byteOffset: Math.min(tensor.begin, end),
      });
    }
    end = tensor.end;
    before = `"${tensor.name}"`;
  }
  return end;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
