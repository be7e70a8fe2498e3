import type { OrtModel } from '../../models/ort/runtime.ts';
import { GeneratorFileError } from './files.ts';

/** Latents of images, channels last. */
export interface Latents {
  /** [N, H, W, C], row-major. */
  values: Float32Array;
  shape: readonly [number, number, number, number];
}

/** RGB images, [N, 3, H, W] in [−1, 1]. */
export interface VaeImages {
  values: Float32Array;
  shape: readonly [number, number, number, number];
}

/** What is to be known of an image coder. */
export interface VaeConfig {
  /** Factor on latents that gives them unit variance. */
  scalingFactor: number;
  /** Side of an image over that of its latents. */
  downsampling: number;
}

/**
 * Read vae/config.json of an `AutoencoderKL`.
 * @throws GeneratorFileError naming the field that is not supported
 */
export function readVaeConfig(json: unknown): VaeConfig {
  const fields = json as Record<string, unknown>;
  const { scaling_factor: factor = 0.18215, shift_factor: shift = null, block_out_channels: blocks } = fields;
  const fail = (field: string, expected: string): never => {
    throw new GeneratorFileError(
      `vae/config.json: ${field} is ${JSON.stringify(fields[field])}; ${expected} was expected. Choose a generator like Stable Diffusion 1.5.`,
    );
  };
  if (typeof factor !== 'number' || !(factor > 0)) return fail('scaling_factor', 'a number above 0');
  if (shift !== null) return fail('shift_factor', 'none');
  if (!Array.isArray(blocks) || blocks.length === 0) return fail('block_out_channels', 'a list');
  return { scalingFactor: factor, downsampling: 2 ** (blocks.length - 1) };
}

/** Codes images into latents: the mean of the posterior, times the scaling factor. One image a call keeps memory low. */
export async function encodeImages(
  encoder: OrtModel,
  { values, shape }: VaeImages,
  scalingFactor: number,
): Promise<Latents> {
  const [images, , height, width] = shape;
  const size = values.length / images;
  const parts: Latents[] = [];
  for (let i = 0; i < images; i++) {
    const input = values.subarray(i * size, (i + 1) * size);
    const output = await encoder.run({ values: input, shape: [1, 3, height, width] });
    // Exports differ in whether they give the mean alone or mean and log-variance; the mean comes first.
    const [, channels, h, w] = output.shape as [number, number, number, number];
    const mean = output.values.subarray(0, Math.min(channels, 4) * h * w);
    parts.push({
      values: channelsLast(mean, Math.min(channels, 4), h * w).map((value) => value * scalingFactor),
      shape: [1, h, w, Math.min(channels, 4)],
    });
  }
  return joinLatents(parts);
}

/** Makes images from scaled latents, one at a time. */
export async function decodeLatents(
  decoder: OrtModel,
  { values, shape }: Latents,
  scalingFactor: number,
): Promise<VaeImages> {
  const [images, height, width, channels] = shape;
  const size = values.length / images;
  const decoded: Float32Array[] = [];
  let side: readonly number[] = [];
  for (let i = 0; i < images; i++) {
    const input = channelsFirst(values.subarray(i * size, (i + 1) * size), channels, height * width);
    const output = await decoder.run({
      values: input.map((value) => value / scalingFactor),
      shape: [1, channels, height, width],
    });
    decoded.push(output.values);
    side = output.shape;
  }
  const joined = new Float32Array(decoded.reduce((sum, part) => sum + part.length, 0));
  for (const [i, part] of decoded.entries()) joined.set(part, i * part.length);
  return { values: joined, shape: [images, 3, side[2]!, side[3]!] };
}

/** Latents of several images in one. */
export function joinLatents(parts: readonly Latents[]): Latents {
  const first = parts[0]!;
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  const images = parts.reduce((sum, { shape }) => sum + shape[0], 0);
  return { values, shape: [images, first.shape[1], first.shape[2], first.shape[3]] };
}

/** One image [C, P] → [P, C]. */
export function channelsLast(
  values: Float32Array,
  channels: number,
  pixels: number,
): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < pixels; p++) turned[p * channels + c] = values[c * pixels + p]!;
  return turned;
}

/** One image [P, C] → [C, P]. */
export function channelsFirst(
  values: Float32Array,
  channels: number,
  pixels: number,
): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let c = 0; c < channels; c++)
    for (let p = 0; p < pixels; p++) turned[c * pixels + p] = values[p * channels + c]!;
  return turned;
}
