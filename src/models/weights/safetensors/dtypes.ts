/** Bytes an element takes, for every dtype of the format with whole bytes. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** Element type of a tensor in a file. */
export type Dtype = keyof typeof DTYPE_BYTES;

/** Types that are read as Float32Array. */
export type FloatDtype = 'F32' | 'F16' | 'BF16' | 'F64';

/** Types that are handed out as they are. */
export type IntegerDtype = 'I64' | 'I32' | 'U8';

export type IntegerArray = BigInt64Array | Int32Array | Uint8Array;

export function isFloatDtype(dtype: Dtype): dtype is FloatDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16' || dtype === 'F64';
}

export function isIntegerDtype(dtype: Dtype): dtype is IntegerDtype {
  return dtype === 'I64' || dtype === 'I32' || dtype === 'U8';
}

/**
 * Numbers of a tensor as float32; F64 is rounded to nearest. For F32 the result shares the memory of `bytes`.
 * @param bytes little-endian elements; starts at a multiple of 8 in its buffer
 */
export function toFloat32(dtype: FloatDtype, bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes;
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8));
    case 'BF16':
      return fromBfloat16(new Uint16Array(buffer, byteOffset, byteLength / 2));
    case 'F16':
      return fromFloat16(new Uint16Array(buffer, byteOffset, byteLength / 2));
  }
}

/** Numbers of an integer tensor; shares the memory of `bytes`, which starts at a multiple of 8 in its buffer. */
export function toIntegers(dtype: IntegerDtype, bytes: Uint8Array<ArrayBuffer>): IntegerArray {
  const { buffer, byteOffset, byteLength } = bytes;
  if (dtype === 'I64') return new BigInt64Array(buffer, byteOffset, byteLength / 8);
  if (dtype === 'I32') return new Int32Array(buffer, byteOffset, byteLength / 4);
  return bytes;
}

/**
 * The one number of a scalar at full precision; true is 1.
 * @param bytes little-endian, of one element
 */
export function toNumber(dtype: Dtype, bytes: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'F64':
      return view.getFloat64(0, true);
    case 'F32':
    case 'F16':
    case 'BF16':
      return toFloat32(dtype, bytes)[0]!;
    case 'F8_E5M2':
      // The upper byte of a binary16.
      return float16Value(view.getUint8(0) << 8);
    case 'F8_E4M3':
      return float8Value(view.getUint8(0));
    case 'I64':
      return Number(view.getBigInt64(0, true));
    case 'U64':
      return Number(view.getBigUint64(0, true));
    case 'I32':
      return view.getInt32(0, true);
    case 'U32':
      return view.getUint32(0, true);
    case 'I16':
      return view.getInt16(0, true);
    case 'U16':
      return view.getUint16(0, true);
    case 'I8':
      return view.getInt8(0);
    case 'U8':
      return view.getUint8(0);
    case 'BOOL':
      return view.getUint8(0) === 0 ? 0 : 1;
  }
}

/** A bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

let float16Table: Float32Array | undefined;

/** Numbers from the bits of IEEE 754 binary16. */
export function fromFloat16(halves: Uint16Array): Float32Array<ArrayBuffer> {
  // A table of all 65,536 values: one lookup a number, where arithmetic would take a branch by exponent for each.
  float16Table ??= Float32Array.from({ length: 65_536 }, (_, bits) => float16Value(bits));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = float16Table[halves[i]!]!;
  return values;
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** PyTorch's float8_e4m3fn: 1 sign, 4 exponent (bias 7), 3 fraction bits, no infinity. */
function float8Value(bits: number): number {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 0xf;
  const fraction = bits & 0x7;
  if (exponent === 15 && fraction === 7) return Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -9;
  return sign * (1 + fraction / 8) * 2 ** (exponent - 7);
}
