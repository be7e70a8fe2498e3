import type { Philox } from '../../random/philox.ts';

/** Red, green and blue in 0…1; shaders may go a little past, bytes clip. */
export type Rgb = [number, number, number];

/** A colour of any hue, neither black nor white nor fully saturated. */
export function color(random: Philox): Rgb {
  return hsl(random.next(), random.uniform(0.1, 0.75), random.uniform(0.2, 0.8));
}

/** Hue, saturation and lightness in 0…1 to RGB in 0…1. */
export function hsl(hue: number, saturation: number, lightness: number): Rgb {
  const amplitude = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number): number => {
    const k = (n + fraction(hue) * 12) % 12;
    return lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** From `a` (share 0 or less) to `b` (1 or more). */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const t = Math.max(0, Math.min(1, share));
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])];
}

/** A colour times a factor. */
export function scaled([r, g, b]: Rgb, factor: number): Rgb {
  return [r * factor, g * factor, b * factor];
}

/** Stretch a value about one half. */
export function contrast(value: number, strength: number): number {
  return 0.5 + strength * (value - 0.5);
}

/** What is past the whole number below. */
export function fraction(value: number): number {
  return value - Math.floor(value);
}
