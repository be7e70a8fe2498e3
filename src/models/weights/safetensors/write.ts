import { LENGTH_BYTES } from './header.ts';

/** A tensor to write as F32. */
export interface TensorToWrite {
  shape: readonly number[];
  values: Float32Array;
}

/** Where the tensors begin; their elements then lie aligned in the file. */
const ALIGNMENT = 8;

/**
 * A safetensors file of float32 tensors. Equal input gives equal bytes: tensors and metadata are ordered by name.
 * @throws RangeError when a shape does not fit its values
 */
export function writeSafetensors(
  tensors: Record<string, TensorToWrite>,
  metadata: Record<string, string> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = Object.entries(tensors).sort(([a], [b]) => compare(a, b));
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) {
    header.__metadata__ = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => compare(a, b)));
  }
  let offset = 0;
  for (const [name, { shape, values }] of sorted) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== values.length) {
      throw new RangeError(`${name}: shape [${shape.join(', ')}] does not fit ${values.length} values`);
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  const dataStart = LENGTH_BYTES + padded;
  const file = new Uint8Array(dataStart + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, LENGTH_BYTES);
  file.fill(0x20, LENGTH_BYTES + json.length, dataStart);
  let position = dataStart;
  for (const [, { values }] of sorted) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}

/** By code unit: unlike `localeCompare`, the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
