import { describe, expect, it } from 'vitest';
import { packTensors, unpackTensors } from './tensors.ts';

describe('packed tensors', () => {
  const tensors = {
    a: Float32Array.from({ length: 7 }, (_, i) => i),
    empty: new Float32Array(0),
    b: Float32Array.from({ length: 12 }, (_, i) => -i),
    c: Float32Array.of(0.5),
  };

  it('come back equal, whether or not they cross the cuts', () => {
    for (const chunkFloats of [1, 3, 5, 7, 20, 1000]) {
      const packed = packTensors(tensors, chunkFloats);
      expect(packed.chunks.map(({ length }) => length).reduce((a, b) => a + b)).toBe(20);
      expect(Math.max(...packed.chunks.map(({ length }) => length))).toBeLessThanOrEqual(chunkFloats);
      expect(unpackTensors(packed, chunkFloats)).toEqual(tensors);
    }
  });

  it('that are views of larger buffers keep only their own floats', () => {
    const view = new Float32Array(100).fill(3).subarray(10, 12);
    expect(packTensors({ view }).chunks).toEqual([Float32Array.of(3, 3)]);
  });

  it('name the tensor that is missing floats', () => {
    const packed = packTensors(tensors, 8);
    packed.chunks.pop();
    expect(() => unpackTensors(packed, 8)).toThrow('tensor "b" ends at 19 of 16 floats');
  });
});
