import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePng } from './png/decode.ts';
import { centerCropGeometry, preprocess } from './preprocess.ts';
import { type PreprocessConfig, PreprocessConfigError, readPreprocessorConfig } from './preprocessConfig.ts';
import { floatsOf, pattern, sharedGolden } from './testing.ts';

const imagenet = {
  resample: 'bicubic',
  rescaleFactor: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;
const config = (edge: number, crop: number): PreprocessConfig => ({
  ...imagenet,
  resizeShortestEdge: edge,
  cropHeight: crop,
  cropWidth: crop,
});
const golden: { width: number; height: number; edge: number; crop: number; data: string }[] = JSON.parse(
  readFileSync(new URL('./testdata/maps.json', import.meta.url), 'utf8'),
).crop;

/** One float32 tensor of a safetensors file. */
function tensor(file: Uint8Array<ArrayBuffer>, name: string): Float32Array {
  const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
  const [begin, end] = header[name].data_offsets;
  return new Float32Array(file.slice(8 + headerLength + begin, 8 + headerLength + end).buffer);
}

describe('preprocess', () => {
  it.each(golden)('equals Pillow and torchvision: $width×$height, edge $edge, crop $crop', (want) => {
    const got = preprocess(pattern(want.width, want.height), config(want.edge, want.crop));
    expect(got).toBeAllclose(floatsOf(want.data), { atol: 1e-6, rtol: 0 });
  });

  it('equals the golden folder: 256→224 normalized, 146→128 in [0, 1]', () => {
    const png = sharedGolden('preprocess/pattern.png', 'preprocess against the golden folder');
    const tensors = sharedGolden('preprocess/preprocess.safetensors', 'preprocess against the golden folder');
    if (!png || !tensors) return;
    const photo = decodePng(png);
    const normalized = preprocess(photo, config(256, 224));
    expect(normalized).toBeAllclose(tensor(tensors, 'dinov2_224'), { atol: 1e-6, rtol: 0 });
    const plain = preprocess(photo, { ...config(146, 128), mean: [0, 0, 0], std: [1, 1, 1] });
    expect(plain).toBeAllclose(tensor(tensors, 'rgb_128_resize146'), { atol: 1e-7, rtol: 0 });
  });

  it('ignores alpha', () => {
    const want = preprocess(pattern(20, 24), config(10, 8));
    expect(preprocess(pattern(20, 24, { opaque: false }), config(10, 8))).toEqual(want);
  });

  it('refuses a crop larger than the photo becomes', () => {
    expect(() => preprocess(pattern(20, 24), config(8, 10))).toThrow('must be at least the crop');
  });

  it('rounds half a pixel of crop to even, as torchvision', () => {
    const starts = [10, 11, 12, 13].map((width) => -centerCropGeometry(width, 10, 8, config(10, 8)).originX);
    expect(starts).toEqual([1, 2, 2, 2]);
  });
});

describe('readPreprocessorConfig', () => {
  const file = {
    do_resize: true,
    size: { shortest_edge: 146 },
    resample: 3,
    crop_size: { height: 128, width: 128 },
    rescale_factor: 0.00392156862745098,
    image_mean: [0.485, 0.456, 0.406],
    image_std: [0.229, 0.224, 0.225],
  };

  it('reads what Hugging Face writes', () => {
    expect(readPreprocessorConfig(file)).toEqual(config(146, 128));
    expect(readPreprocessorConfig({ ...file, size: 146, crop_size: 128, rescale_factor: undefined })).toEqual(
      config(146, 128),
    );
  });

  it.each([
    ['size.shortest_edge', { size: { height: 128, width: 128 } }],
    ['resample', { resample: 0 }],
    ['do_center_crop', { do_center_crop: false }],
    ['crop_size', { crop_size: 150 }],
    ['image_std', { image_std: [1, 0, 1] }],
    ['image_mean[1]', { image_mean: [0, 'x', 0] }],
    ['rescale_factor', { rescale_factor: 'x' }],
  ])('names %s when it is wrong', (field, change) => {
    expect(() => readPreprocessorConfig({ ...file, ...change })).toThrow(PreprocessConfigError);
    expect(() => readPreprocessorConfig({ ...file, ...change })).toThrow(field);
  });

  it('refuses what is no object', () => {
    expect(() => readPreprocessorConfig([1])).toThrow('an object was expected');
  });
});
