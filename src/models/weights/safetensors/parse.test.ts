import { describe, expect, it } from 'vitest';
import { toNumber } from './dtypes.ts';
import { parseIntegerTensors, parseSafetensors, parseTensors } from './parse.ts';
import { handmadeFile } from './testing.ts';

function file(dtype: string, shape: number[], data: ArrayBufferView): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return handmadeFile({ x: { dtype, shape, data_offsets: [0, bytes.length] } }, bytes);
}

const values = (bytes: Uint8Array) => [...parseSafetensors(bytes, 'f').get('x')!.values];

describe('parseSafetensors', () => {
  it('reads F32 bit for bit, wherever the data happens to lie', () => {
    const numbers = new Float32Array([1.5, -0, 3e-40, Number.POSITIVE_INFINITY]);
    for (const padding of ['', ' ', '  ', '   ']) {
      const header = JSON.stringify({ x: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] } });
      const bytes = handmadeFile(header + padding, new Uint8Array(numbers.buffer));
      const tensor = parseSafetensors(bytes, 'f').get('x')!;
      expect(tensor).toMatchObject({ dtype: 'F32', shape: [2, 2] });
      expect(new Uint32Array(tensor.values.buffer)).toEqual(new Uint32Array(numbers.buffer));
    }
  });

  it('reads F16: normal, subnormal, largest, zeros of both signs, infinities, NaN', () => {
    const bits = [0x3c00, 0xc000, 0x3555, 0x0001, 0x83ff, 0x0400, 0x7bff, 0x8000, 0x7c00, 0xfc00];
    const expected = [
      1,
      -2,
      1365 / 4096,
      2 ** -24,
      -1023 * 2 ** -24,
      2 ** -14,
      65504,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ];
    expect(values(file('F16', [10], new Uint16Array(bits)))).toEqual(expected);
    expect(values(file('F16', [1], new Uint16Array([0x7e01])))).toEqual([Number.NaN]);
  });

  it('reads BF16', () => {
    const bits = new Uint16Array([0x3f80, 0xc000, 0x4049, 0x7f80]);
    expect(values(file('BF16', [4], bits))).toEqual([1, -2, 3.140625, Number.POSITIVE_INFINITY]);
  });

  it('rounds F64 to float32', () => {
    expect(values(file('F64', [2], new Float64Array([0.1, -1e300])))).toEqual([
      Math.fround(0.1),
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('hands out integers as they are, apart from the floats', () => {
    const longs = file('I64', [2], new BigInt64Array([-5n, 2n ** 60n]));
    expect(parseSafetensors(longs, 'f').size).toBe(0);
    expect(parseIntegerTensors(longs, 'f').get('x')!.values).toEqual(new BigInt64Array([-5n, 2n ** 60n]));
    const ints = parseIntegerTensors(file('I32', [2], new Int32Array([-7, 8])), 'f').get('x')!;
    expect(ints).toEqual({ dtype: 'I32', shape: [2], values: new Int32Array([-7, 8]) });
    const bytes = parseIntegerTensors(file('U8', [3], new Uint8Array([1, 2, 255])), 'f').get('x')!;
    expect(bytes.values).toEqual(new Uint8Array([1, 2, 255]));
  });
});

describe('parseTensors', () => {
  it('passes no type over, and gives scalars at full precision', () => {
    const scalar = (dtype: string, data: ArrayBufferView) => {
      const { dtype: read, shape, read: bytes } = parseTensors(file(dtype, [1], data), 'f').tensors.get('x')!;
      expect([read, shape]).toEqual([dtype, [1]]);
      return toNumber(read, bytes());
    };
    expect(scalar('F64', Float64Array.of(0.1))).toBe(0.1);
    expect(scalar('F32', Float32Array.of(0.1))).toBe(Math.fround(0.1));
    expect(scalar('F16', Uint16Array.of(0x3555))).toBe(1365 / 4096);
    expect(scalar('BF16', Uint16Array.of(0x4049))).toBe(3.140625);
    expect(scalar('I64', BigInt64Array.of(-3n))).toBe(-3);
    expect(scalar('U64', BigUint64Array.of(2n ** 63n))).toBe(2 ** 63);
    expect(scalar('I32', Int32Array.of(-7))).toBe(-7);
    expect(scalar('U32', Uint32Array.of(2 ** 32 - 1))).toBe(2 ** 32 - 1);
    expect(scalar('I16', Int16Array.of(-8))).toBe(-8);
    expect(scalar('U16', Uint16Array.of(65535))).toBe(65535);
    expect(scalar('I8', Int8Array.of(-1))).toBe(-1);
    expect(scalar('U8', Uint8Array.of(255))).toBe(255);
    expect(scalar('BOOL', Uint8Array.of(1))).toBe(1);
    expect(scalar('BOOL', Uint8Array.of(0))).toBe(0);
    // torch.tensor([16, -0.4375, 448, 2 ** -9, nan]).to(torch.float8_e4m3fn)
    const e4m3 = [0x58, 0xad + 0x01, 0x7e, 0x01].map((byte) => scalar('F8_E4M3', Uint8Array.of(byte)));
    expect(e4m3).toEqual([16, -0.4375, 448, 2 ** -9]);
    expect(scalar('F8_E4M3', Uint8Array.of(0x7f))).toBeNaN();
    // torch.tensor([16, -0.4375, 57344, 2 ** -16]).to(torch.float8_e5m2)
    const e5m2 = [0x4c, 0xb7, 0x7b, 0x01].map((byte) => scalar('F8_E5M2', Uint8Array.of(byte)));
    expect(e5m2).toEqual([16, -0.4375, 57344, 2 ** -16]);
    expect(scalar('F8_E5M2', Uint8Array.of(0x7c))).toBe(Number.POSITIVE_INFINITY);
  });
});
