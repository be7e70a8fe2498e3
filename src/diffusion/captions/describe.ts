import type { Pixels } from '../../images/types.ts';
import type { CaptionGrammar } from './grammar.ts';

/** Everyday shades of the generator's colour words, in sRGB, chosen by eye. */
const COLORS: Readonly<Record<string, readonly [number, number, number]>> = {
  black: [28, 28, 28],
  white: [245, 245, 245],
  gray: [136, 136, 136],
  brown: [98, 64, 40],
  beige: [214, 200, 168],
  red: [196, 40, 40],
  orange: [232, 132, 40],
  yellow: [236, 208, 64],
  green: [64, 136, 64],
  blue: [64, 116, 196],
  purple: [128, 72, 160],
  pink: [236, 152, 176],
};

/** Mean luminance (0 to 255) below and above which a picture is called dark and bright. */
const DARK = 80;
const BRIGHT = 165;

/** Share of a picture's side that counts as its border. */
const BORDER = 0.08;

/** Colour words of a grammar whose look is known, with it. */
export function knownColors({ colors }: CaptionGrammar): { name: string; rgb: readonly number[] }[] {
  return colors.flatMap((name) => (COLORS[name] ? [{ name, rgb: COLORS[name] }] : []));
}

/**
 * Caption of a picture in the embedded generator's words, much as its training pictures were captioned: the colour of the border
 * (left, right and top; by median) as the nearest of the grammar's, the light by mean luminance (ITU-R BT.601 weights).
 * @returns such as `a photo of a {subject}, orange background, bright`
 */
export function describePicture(pixels: Pixels, grammar: CaptionGrammar): string {
  const border = borderColor(pixels);
  const distance = (rgb: readonly number[]) => Math.hypot(...rgb.map((value, i) => value - border[i]!));
  const [nearest] = knownColors(grammar).toSorted((a, b) => distance(a.rgb) - distance(b.rgb));
  const luminance = meanLuminance(pixels);
  const light = luminance < DARK ? 'dark' : luminance > BRIGHT ? 'bright' : undefined;
  const ground = nearest ? `, ${nearest.name} background` : '';
  return `a photo of a {subject}${ground}${light && grammar.lights.includes(light) ? `, ${light}` : ''}`;
}

function borderColor({ width, height, data }: Pixels): number[] {
  const edge = Math.max(1, Math.round(BORDER * Math.min(width, height)));
  const channels: number[][] = [[], [], []];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y >= edge && x >= edge && x < width - edge) continue;
      for (let c = 0; c < 3; c++) channels[c]!.push(data[4 * (y * width + x) + c]!);
    }
  }
  return channels.map((values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!);
}

function meanLuminance({ width, height, data }: Pixels): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4)
    sum += 0.299 * data[i]! + 0.587 * data[i + 1]! + 0.114 * data[i + 2]!;
  return sum / (width * height);
}
