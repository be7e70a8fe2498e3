import { ByteReader } from './byteReader.ts';
import { type FloatDtype, isFloatDtype, toFloat32 } from './dtypes.ts';
import { SafetensorsError } from './errors.ts';
import { LENGTH_BYTES, parseHeader, readJsonLength, type SafetensorsHeader } from './header.ts';
import type { FloatTensor } from './parse.ts';

/** How to read a stream. */
export interface StreamOptions {
  /** For messages. */
  fileName: string;
  /** The file's size where it is known: a wrong one is noticed before any tensor is read. */
  totalBytes?: number;
  /** Bytes that have arrived, of how many. */
  onProgress?: (done: number, total: number) => void;
  /** Called once, before the first tensor; may throw to refuse the file. */
  onHeader?: (header: SafetensorsHeader) => void;
}

/** A tensor as it comes out of a stream. */
export interface StreamedTensor extends FloatTensor {
  name: string;
  /** Bits of the numbers where the file has F16. */
  halves: Uint16Array<ArrayBuffer> | undefined;
}

/**
 * Yields the floating-point tensors of a safetensors file in file order as they arrive, so that at most one is held in
 * memory at a time; integer tensors are passed over. Leaving the loop early cancels the stream.
 * @throws SafetensorsError, and whatever `onHeader` throws
 */
export async function* streamSafetensors(
  readable: ReadableStream<Uint8Array>,
  { fileName, totalBytes, onProgress, onHeader }: StreamOptions,
): AsyncGenerator<StreamedTensor, void, void> {
  let total = totalBytes ?? 0;
  const reader = new ByteReader(readable, (arrived) => {
    if (total > 0) onProgress?.(arrived, total);
  });
  try {
    const header = await readStreamHeader(reader, fileName, totalBytes);
    total = header.totalBytes;
    onHeader?.(header);
    for (const { name, dtype, shape, begin, end } of header.tensors) {
      const size = end - begin;
      const bytes = isFloatDtype(dtype) ? await reader.take(size) : undefined;
      const read = bytes ? bytes.length : await reader.skip(size);
      if (read < size) throw cutShort(fileName, name, reader.position, total);
      if (bytes && isFloatDtype(dtype)) yield streamed(name, dtype, shape, bytes);
    }
    if (!(await reader.atEnd())) {
      throw new SafetensorsError(fileName, 'bytes follow the last tensor', { byteOffset: total });
    }
    onProgress?.(total, total);
  } finally {
    await reader.close();
  }
}

/** A tensor whose float32 numbers are made when they are asked for: who keeps halves does not need them. */
function streamed(
  name: string,
  dtype: FloatDtype,
  shape: number[],
  bytes: Uint8Array<ArrayBuffer>,
): StreamedTensor {
  let values: Float32Array<ArrayBuffer> | undefined;
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    ...{ name, dtype, shape },
    halves: dtype === 'F16' ? new Uint16Array(buffer, byteOffset, byteLength / 2) : undefined,
    get values() {
      values ??= toFloat32(dtype, bytes);
      return values;
    },
  };
}

/**
 * Read the header alone, and cancel the stream.
 * @throws SafetensorsError
 */
export async function readHeaderOf(
  readable: ReadableStream<Uint8Array>,
  { fileName, totalBytes }: Pick<StreamOptions, 'fileName' | 'totalBytes'>,
): Promise<SafetensorsHeader> {
  const reader = new ByteReader(readable, () => {});
  try {
    return await readStreamHeader(reader, fileName, totalBytes);
  } finally {
    await reader.close();
  }
}

async function readStreamHeader(
  reader: ByteReader,
  fileName: string,
  totalBytes: number | undefined,
): Promise<SafetensorsHeader> {
  const length = readJsonLength(await reader.take(LENGTH_BYTES), fileName);
  const json = await reader.take(length);
  if (json.length < length) {
    const end = LENGTH_BYTES + length;
    throw new SafetensorsError(fileName, `the file ends inside its header, which should reach byte ${end}`, {
      byteOffset: reader.position,
    });
  }
  return parseHeader(json, fileName, totalBytes);
}

function cutShort(fileName: string, tensor: string, byteOffset: number, total: number): SafetensorsError {
  return new SafetensorsError(
    fileName,
    `the file ends after ${byteOffset} bytes, inside or before this tensor; it should have ${total}`,
    { tensor, byteOffset },
  );
}
