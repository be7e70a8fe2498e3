import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { photoCountStatus } from './count.ts';
import { findDuplicate } from './duplicates.ts';
import { contentHash, hammingDistance, perceptualHash } from './hash.ts';

/** Smooth blobs, the same scene at any size. */
function scene(width: number, height: number, change = (value: number) => value, phase = 0) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const value =
        128 + 60 * Math.sin(9 * u + phase) * Math.cos(7 * v - phase) + 40 * Math.sin(5 * u * v + 3 * phase);
      data.set([change(value), change(value * 0.8), change(value * 0.5), 255], 4 * (y * width + x));
    }
  }
  return { width, height, data };
}

describe('contentHash', () => {
  it('is SHA-256 of size and pixels', async () => {
    const pixels = { width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255) };
    const expected = createHash('sha256')
      .update(Buffer.from([2, 0, 0, 0, 1, 0, 0, 0, ...pixels.data]))
      .digest('hex');
    expect(await contentHash(pixels)).toBe(expected);
    expect(await contentHash({ ...pixels, width: 1, height: 2 })).not.toBe(expected);
  });
});

describe('perceptualHash', () => {
  it('sets a bit where the left cell is brighter', () => {
    const ramp = { width: 90, height: 8, data: new Uint8ClampedArray(4 * 90 * 8) };
    for (let i = 0; i < 90 * 8; i++) {
      const y = Math.floor(i / 90);
      ramp.data.fill(y < 4 ? 255 - (i % 90) : i % 90, 4 * i, 4 * i + 3);
    }
    expect(perceptualHash(ramp)).toBe('ffffffff00000000');
    expect(perceptualHash({ width: 3, height: 2, data: new Uint8ClampedArray(24).fill(255) })).toBe(
      '0'.repeat(16),
    );
  });

  it('hardly changes with size, brightness and noise, and does with the scene', () => {
    const hash = perceptualHash(scene(320, 240));
    expect(hammingDistance(hash, perceptualHash(scene(160, 120)))).toBeLessThanOrEqual(2);
    expect(
      hammingDistance(hash, perceptualHash(scene(320, 240, (value) => 0.8 * value + 20))),
    ).toBeLessThanOrEqual(2);
    let state = 1;
    const noisy = (value: number) => value + ((state = (state * 16807) % 2147483647) % 21) - 10;
    expect(hammingDistance(hash, perceptualHash(scene(320, 240, noisy)))).toBeLessThanOrEqual(4);
    expect(hammingDistance(hash, perceptualHash(scene(320, 240, undefined, 1)))).toBeGreaterThan(12);
  });

  it('distances count bits', () => {
    expect(hammingDistance('0000000000000000', 'f00000000000000f')).toBe(8);
    expect(hammingDistance('8', '1')).toBe(2);
  });
});

describe('findDuplicate', () => {
  const known = [
    { name: 'far', role: 'train', contentHash: 'a', perceptualHash: '0000000000000003' },
    { name: 'near', role: 'test', contentHash: 'b', perceptualHash: '0000000000000001' },
    { name: 'same', role: 'train', contentHash: 'c', perceptualHash: 'ffffffffffffffff' },
  ] as const;

  it('prefers the exact one, then the nearest within four bits', () => {
    expect(findDuplicate({ contentHash: 'c', perceptualHash: '0'.repeat(16) }, known)).toMatchObject({
      kind: 'exact',
      of: { name: 'same' },
    });
    expect(findDuplicate({ contentHash: 'x', perceptualHash: '0'.repeat(16) }, known)).toMatchObject({
      kind: 'near',
      of: { name: 'near' },
    });
    expect(
      findDuplicate({ contentHash: 'x', perceptualHash: '00000000000000fc' }, known)?.kind,
    ).toBeUndefined();
    expect(findDuplicate({ contentHash: 'x', perceptualHash: '000000000000000f' }, known)?.of.name).toBe(
      'far',
    );
  });
});

describe('photoCountStatus', () => {
  it('knows too few, enough and too many', () => {
    expect(photoCountStatus(0)).toMatchObject({
      state: 'too-few',
      room: 100,
      message: expect.stringContaining('3 more photos'),
    });
    expect(photoCountStatus(2).message).toContain('1 more photo:');
    expect(photoCountStatus(3)).toEqual({ state: 'ok', room: 97 });
    expect(photoCountStatus(100)).toEqual({ state: 'ok', room: 0 });
    expect(photoCountStatus(103)).toMatchObject({
      state: 'too-many',
      message: expect.stringContaining('Remove 3'),
    });
  });
});
