import { describe, expect, it } from 'vitest';
import { fitsPhoto, MaskSizeError, requireFit } from './size.ts';

const size = (width: number, height: number) => ({ width, height });

describe('fitsPhoto', () => {
  it('allows for other scales, rounding to whole pixels, and 2 % in proportion', () => {
    expect(fitsPhoto(size(96, 72), size(96, 72))).toBe(true);
    expect(fitsPhoto(size(4032, 3024), size(1024, 768))).toBe(true);
    expect(fitsPhoto(size(3000, 2001), size(2048, 1366))).toBe(true);
    expect(fitsPhoto(size(5, 3), size(10, 7))).toBe(true);
    expect(fitsPhoto(size(1000, 1019), size(1000, 1000))).toBe(true);
    expect(fitsPhoto(size(1000, 1021), size(1000, 1000))).toBe(false);
    expect(fitsPhoto(size(48, 24), size(48, 48))).toBe(false);
    expect(fitsPhoto(size(96, 72), size(72, 96))).toBe(false);
  });

  it('names the mask, both sizes and what to do', () => {
    const error = (mask: { width: number; height: number }) => {
      try {
        requireFit('m.png', mask, 'dog.jpg', size(72, 96));
      } catch (reason) {
        return reason as MaskSizeError;
      }
      throw new Error('it fits');
    };
    expect(error(size(50, 50))).toBeInstanceOf(MaskSizeError);
    expect(error(size(50, 50)).message).toBe('m.png is 50 × 50, but dog.jpg is 72 × 96.');
    expect(error(size(50, 50)).remedy).toContain('uncropped');
    expect(error(size(96, 72)).remedy).toContain('EXIF orientation');
    expect(error(size(192, 144)).remedy).toContain('EXIF orientation');
  });
});
