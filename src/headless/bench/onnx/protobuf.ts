/**
 * Writing of protobuf's wire format (https://protobuf.dev/programming-guides/encoding): fields of a message as parts that are
 * joined once at the end, so that large weights are copied once.
 */

/** Encoded bytes in parts. */
export interface Encoded {
  length: number;
  parts: Uint8Array[];
}

const VARINT = 0;
const DELIMITED = 2;
const FIXED32 = 5;

/** A message of fields in order. */
export function message(fields: readonly Encoded[]): Encoded {
  return {
    length: fields.reduce((sum, { length }) => sum + length, 0),
    parts: fields.flatMap(({ parts }) => parts),
  };
}

/** An integer field of at least 0. */
export function integer(field: number, value: number): Encoded {
  return bytesOf([...varint(field * 8 + VARINT), ...varint(value)]);
}

/** A 32-bit floating-point field. */
export function float(field: number, value: number): Encoded {
  const number = new DataView(new ArrayBuffer(4));
  number.setFloat32(0, value, true);
  return bytesOf([...varint(field * 8 + FIXED32), ...new Uint8Array(number.buffer)]);
}

/** A string field. */
export function text(field: number, value: string): Encoded {
  return bytes(field, new TextEncoder().encode(value));
}

/** A field of bytes. */
export function bytes(field: number, value: Uint8Array): Encoded {
  return nested(field, { length: value.length, parts: [value] });
}

/** A field that is a message. */
export function nested(field: number, value: Encoded): Encoded {
  const head = Uint8Array.from([...varint(field * 8 + DELIMITED), ...varint(value.length)]);
  return { length: head.length + value.length, parts: [head, ...value.parts] };
}

/** The whole as one array. */
export function join({ length, parts }: Encoded): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function bytesOf(values: readonly number[]): Encoded {
  return { length: values.length, parts: [Uint8Array.from(values)] };
}

/** Seven bits a byte, the low ones first; the high bit says that more follow. Numbers up to 2^53. */
function varint(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`a varint of ${value} cannot be written`);
  const result: number[] = [];
  let rest = value;
  while (rest >= 128) {
    result.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  result.push(rest);
  return result;
}
