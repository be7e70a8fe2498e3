import { expect, it } from 'vitest';
import { bytes, float, integer, join, message, nested, text } from './protobuf.ts';

const hex = (parts: Parameters<typeof join>[0]) => Buffer.from(join(parts)).toString('hex');

// From https://protobuf.dev/programming-guides/encoding.
it('writes the examples of the encoding guide', () => {
  expect(hex(integer(1, 150))).toBe('089601');
  expect(hex(text(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(nested(3, message([integer(1, 150)])))).toBe('1a03089601');
});

it('writes floats, long fields and numbers past 32 bits', () => {
  expect(hex(float(2, 1))).toBe('150000803f');
  expect(hex(bytes(9, new Uint8Array(300))).slice(0, 6)).toBe('4aac02');
  expect(hex(integer(1, 2 ** 35))).toBe('08808080808001');
  expect(() => integer(1, -1)).toThrow('cannot be written');
});
