import type { ResampleFilter } from './resample.ts';

/** How an encoder wants its photos: resize, centre crop, rescale, normalize, in this order. */
export interface PreprocessConfig {
  /** The shorter side becomes this many pixels, the aspect ratio stays. */
  resizeShortestEdge: number;
  resample: ResampleFilter;
  cropHeight: number;
  cropWidth: number;
  /** 8-bit values are multiplied by this (1/255). */
  rescaleFactor: number;
  /** Per channel R, G, B, after rescaling: (value − mean)/std. */
  mean: readonly [number, number, number];
  std: readonly [number, number, number];
}

/** A `preprocessor_config.json` that is not of the supported kind; the message names the field. */
export class PreprocessConfigError extends Error {
  override readonly name = 'PreprocessConfigError';
  constructor(
    readonly field: string,
    problem: string,
  ) {
    super(
      `preprocessor_config.json: ${field} ${problem}. Use the file that belongs to a DINOv2-family checkpoint.`,
    );
  }
}

/** PIL's numbers for the filters. */
const RESAMPLE_CODES: Record<number, ResampleFilter> = { 2: 'bilinear', 3: 'bicubic' };

/**
 * Read a Hugging Face `preprocessor_config.json` (image processors that resize the shortest edge, crop the centre,
 * rescale and normalize: `BitImageProcessor` and its like).
 * @param json the parsed file
 * @throws PreprocessConfigError naming the field that is missing or not supported
 */
export function readPreprocessorConfig(json: unknown): PreprocessConfig {
  const config = asRecord(json, 'the file');
  for (const step of ['do_resize', 'do_center_crop', 'do_rescale', 'do_normalize']) {
    if (config[step] === false) throw new PreprocessConfigError(step, 'is false; it must be true');
  }
  const resample = RESAMPLE_CODES[Number(config.resample)];
  if (!resample) {
    throw new PreprocessConfigError(
      'resample',
      `is ${config.resample}; 2 (bilinear) or 3 (bicubic) can be used`,
    );
  }
  const size =
    typeof config.size === 'number' ? { shortest_edge: config.size } : asRecord(config.size, 'size');
  const crop =
    typeof config.crop_size === 'number'
      ? { height: config.crop_size, width: config.crop_size }
      : asRecord(config.crop_size, 'crop_size');
  const resizeShortestEdge = asPixels(size.shortest_edge, 'size.shortest_edge');
  const cropHeight = asPixels(crop.height, 'crop_size.height');
  const cropWidth = asPixels(crop.width, 'crop_size.width');
  if (Math.max(cropHeight, cropWidth) > resizeShortestEdge) {
    throw new PreprocessConfigError('crop_size', `is larger than size.shortest_edge (${resizeShortestEdge})`);
  }
  const std = asTriple(config.image_std, 'image_std');
  if (std.includes(0)) throw new PreprocessConfigError('image_std', 'contains 0');
  return {
    resizeShortestEdge,
    resample,
    cropHeight,
    cropWidth,
    rescaleFactor: asNumber(config.rescale_factor ?? 1 / 255, 'rescale_factor'),
    mean: asTriple(config.image_mean, 'image_mean'),
    std,
  };
}

function asRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new PreprocessConfigError(field, `is ${JSON.stringify(value)}; an object was expected`);
}

function asNumber(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new PreprocessConfigError(field, `is ${JSON.stringify(value)}; a number was expected`);
}

function asPixels(value: unknown, field: string): number {
  const number = asNumber(value, field);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new PreprocessConfigError(field, `is ${number}; a whole number of pixels was expected`);
}

function asTriple(value: unknown, field: string): [number, number, number] {
  if (Array.isArray(value) && value.length === 3) {
    return value.map((entry, i) => asNumber(entry, `${field}[${i}]`)) as [number, number, number];
  }
  throw new PreprocessConfigError(field, `is ${JSON.stringify(value)}; three numbers were expected`);
}
