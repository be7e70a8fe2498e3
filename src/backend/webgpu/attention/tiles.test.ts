import { describe, expect, it } from 'vitest';
import { pickTile, tileBytes } from './tiles.ts';

const PARTS = ['forward', 'queryGradient', 'keyValueGradient'] as const;

describe('attention tiles', () => {
  it('fit the least workgroup memory that WebGPU promises, at every head width', () => {
    for (const part of PARTS) {
      for (let width = 8; width <= 160; width += 4) {
        expect(tileBytes(part, width, pickTile(part, width, 16_384))).toBeLessThanOrEqual(16_384);
      }
    }
  });

  it('use more of it where there is more, but not above 32 KiB', () => {
    expect(pickTile('forward', 64, 16_384)).toEqual({ own: 32, other: 16 });
    expect(pickTile('forward', 64, 32_768)).toEqual({ own: 32, other: 32 });
    expect(pickTile('keyValueGradient', 64, 49_152)).toEqual({ own: 32, other: 16 });
  });

  it('say what is too wide', () => {
    expect(() => pickTile('keyValueGradient', 160, 8192)).toThrow('heads of 160 columns');
  });
});
