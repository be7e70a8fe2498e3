import {
  type Dtype,
  type FloatDtype,
  type IntegerArray,
  type IntegerDtype,
  isFloatDtype,
  isIntegerDtype,
  toFloat32,
  toIntegers,
} from './dtypes.ts';
import { SafetensorsError } from './errors.ts';
import {
  LENGTH_BYTES,
  parseHeader,
  readJsonLength,
  type SafetensorsHeader,
  type TensorEntry,
} from './header.ts';

/** A tensor of floating-point numbers; `dtype` is the one in the file. */
export interface FloatTensor {
  dtype: FloatDtype;
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

/** A tensor of whole numbers, as they are in the file. */
export interface IntegerTensor {
  dtype: IntegerDtype;
  shape: number[];
  values: IntegerArray;
}

/** A tensor of any type, whose bytes are still to be read. */
export interface StoredTensor {
  dtype: Dtype;
  shape: number[];
  /** Its bytes in memory of their own. */
  read(): Uint8Array<ArrayBuffer>;
}

/**
 * The header of a file held in memory.
 * @throws SafetensorsError
 */
export function readHeader(bytes: Uint8Array, fileName: string): SafetensorsHeader {
  const end = LENGTH_BYTES + readJsonLength(bytes.subarray(0, LENGTH_BYTES), fileName);
  if (bytes.length < end) {
    throw new SafetensorsError(fileName, `the file ends inside its header, which should reach byte ${end}`, {
      byteOffset: bytes.length,
    });
  }
  return parseHeader(bytes.subarray(LENGTH_BYTES, end), fileName, bytes.length);
}

/**
 * Every tensor of a file held in memory, whatever its type, in file order: for readers that must not pass one over.
 * @throws SafetensorsError
 */
export function parseTensors(
  bytes: Uint8Array,
  fileName: string,
): { tensors: Map<string, StoredTensor>; metadata: Record<string, string> } {
  const { tensors, metadata } = readHeader(bytes, fileName);
  const stored = tensors.map((entry): [string, StoredTensor] => [
    entry.name,
    { dtype: entry.dtype, shape: entry.shape, read: () => copyOf(entry, bytes) },
  ]);
  return { tensors: new Map(stored), metadata };
}

/**
 * The floating-point tensors (F32, F16, BF16, F64) of a small file held in memory, in file order; integer tensors are
 * passed over, see `parseIntegerTensors`.
 * @throws SafetensorsError
 */
export function parseSafetensors(bytes: Uint8Array, fileName: string): Map<string, FloatTensor> {
  const tensors = new Map<string, FloatTensor>();
  for (const entry of readHeader(bytes, fileName).tensors) {
    const { name, dtype, shape } = entry;
    if (!isFloatDtype(dtype)) continue;
    tensors.set(name, { dtype, shape, values: toFloat32(dtype, copyOf(entry, bytes)) });
  }
  return tensors;
}

/**
 * The integer tensors (I64, I32, U8) of a small file held in memory, in file order.
 * @throws SafetensorsError
 */
export function parseIntegerTensors(bytes: Uint8Array, fileName: string): Map<string, IntegerTensor> {
  const tensors = new Map<string, IntegerTensor>();
  for (const entry of readHeader(bytes, fileName).tensors) {
    const { name, dtype, shape } = entry;
    if (!isIntegerDtype(dtype)) continue;
    tensors.set(name, { dtype, shape, values: toIntegers(dtype, copyOf(entry, bytes)) });
  }
  return tensors;
}

/** A copy, because typed arrays need an alignment that tensors in a file need not have. */
function copyOf({ begin, end }: TensorEntry, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(begin, end));
}
