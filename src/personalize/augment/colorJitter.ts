import type { Philox } from '../../random/philox.ts';
import type { ColorJitter } from './settings.ts';

/** Weights of red, green and blue in grey (ITU-R BT.601). */
const GREY = [0.299, 0.587, 0.114] as const;

/**
 * Jitter the colours of a planar image in place, in this order: brightness (a factor), contrast (about the mean grey),
 * saturation (about each pixel's grey), hue (the `hueRotate` matrix of the SVG filter effects specification).
 * @param rgb [3, pixels] in 0…255; stays within
 */
export function jitterColors(rgb: Float32Array, jitter: ColorJitter, random: Philox): void {
  const factor = (spread: number) => random.uniform(1 - spread, 1 + spread);
  const brightness = factor(jitter.brightness);
  const contrast = factor(jitter.contrast);
  const saturation = factor(jitter.saturation);
  const turn = hueRotation(random.uniform(-jitter.hue, jitter.hue) * 2 * Math.PI);
  const count = rgb.length / 3;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += greyOf(rgb[i]!, rgb[count + i]!, rgb[2 * count + i]!);
  mean = (mean / count) * brightness;
  for (let i = 0; i < count; i++) {
    let r = (rgb[i]! * brightness - mean) * contrast + mean;
    let g = (rgb[count + i]! * brightness - mean) * contrast + mean;
    let b = (rgb[2 * count + i]! * brightness - mean) * contrast + mean;
    const grey = greyOf(r, g, b);
    r = grey + saturation * (r - grey);
    g = grey + saturation * (g - grey);
    b = grey + saturation * (b - grey);
    rgb[i] = clamp(turn[0]! * r + turn[1]! * g + turn[2]! * b);
    rgb[count + i] = clamp(turn[3]! * r + turn[4]! * g + turn[5]! * b);
    rgb[2 * count + i] = clamp(turn[6]! * r + turn[7]! * g + turn[8]! * b);
  }
}

function greyOf(r: number, g: number, b: number): number {
  return GREY[0] * r + GREY[1] * g + GREY[2] * b;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value));
}

/** Rows of the `hueRotate` matrix, which keeps grey as grey. */
function hueRotation(radians: number): number[] {
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const [r, g, b] = [0.213, 0.715, 0.072];
  return [
    r + cos * (1 - r) - sin * r,
    g - cos * g - sin * g,
    b - cos * b + sin * (1 - b),
    r - cos * r + sin * 0.143,
    g + cos * (1 - g) + sin * 0.14,
    b - cos * b - sin * 0.283,
    r - cos * r - sin * (1 - r),
    g - cos * g + sin * g,
    b + cos * (1 - b) + sin * b,
  ];
}
