import { describe, expect, it } from 'vitest';
import { parseSafetensors, readHeader } from './parse.ts';
import { writeSafetensors } from './write.ts';

describe('writeSafetensors', () => {
  const b = { shape: [2], values: new Float32Array([1, -2]) };
  const a = { shape: [1, 3], values: new Float32Array([3, 4, 5]) };

  it('gives the same bytes whatever the order of its input', () => {
    const one = writeSafetensors({ b, a }, { format: 'pt', by: 'x' });
    const other = writeSafetensors({ a, b }, { by: 'x', format: 'pt' });
    expect(one).toEqual(other);
  });

  it('starts the data at a multiple of eight', () => {
    for (const name of ['n', 'nn', 'nnn', 'nnnn', 'nnnnn']) {
      const file = writeSafetensors({ [name]: b });
      expect(readHeader(file, 'f').tensors[0]!.begin % 8).toBe(0);
    }
  });

  it('can be read back, from a view into a larger array too', () => {
    const larger = new Float32Array([9, 1, 2, 9]);
    const file = writeSafetensors({ x: { shape: [2], values: larger.subarray(1, 3) }, a }, { format: 'pt' });
    expect(readHeader(file, 'f').metadata).toEqual({ format: 'pt' });
    const tensors = parseSafetensors(file, 'f');
    expect(tensors.get('x')).toEqual({ dtype: 'F32', shape: [2], values: new Float32Array([1, 2]) });
    expect(tensors.get('a')).toEqual({ dtype: 'F32', ...a });
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeSafetensors({ a: { ...a, shape: [4] } })).toThrow(
      /a: shape \[4\] does not fit 3 values/,
    );
  });
});
