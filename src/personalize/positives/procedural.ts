import type { Pixels } from '../../images/types.ts';
import type { Philox } from '../../random/philox.ts';
import { color, contrast, fraction, hsl, mix, type Rgb, scaled } from './color.ts';
import { cellNoise, type Field, fractalNoise } from './noise.ts';

/** Colour at a place of the unit square. */
type Shader = (x: number, y: number) => Rgb;

/** Families of procedural backgrounds. */
export const PROCEDURAL_FAMILIES = [
  'gradient',
  'clouds',
  'wood',
  'tiles',
  'stripes',
  'stones',
  'bokeh',
  'grass',
  'fabric',
  'room',
] as const;

/** One family. */
export type ProceduralFamily = (typeof PROCEDURAL_FAMILIES)[number];

/** A square procedural background: a family drawn at random (or given) in random colours; seeded by the generator. */
export function proceduralBackground(
  size: number,
  random: Philox,
  family: ProceduralFamily = random.choice(PROCEDURAL_FAMILIES),
): { pixels: Pixels; family: ProceduralFamily } {
  const shader = SHADERS[family](random);
  const light = lighting(random);
  const data = new Uint8ClampedArray(size * size * 4);
  for (let v = 0; v < size; v++) {
    for (let u = 0; u < size; u++) {
      const x = (u + 0.5) / size;
      const y = (v + 0.5) / size;
      const [r, g, b] = shader(x, y);
      const shade = light(x, y) * 255;
      const at = (v * size + u) * 4;
      data[at] = r * shade;
      data[at + 1] = g * shade;
      data[at + 2] = b * shade;
      data[at + 3] = 255;
    }
  }
  return { pixels: { width: size, height: size, data }, family };
}

const SHADERS: Record<ProceduralFamily, (random: Philox) => Shader> = {
  gradient: (random) => {
    const [a, b] = [color(random), color(random)];
    const angle = random.uniform(0, 2 * Math.PI);
    return (x, y) => mix(a, b, 0.5 + 0.7 * ((x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle)));
  },
  clouds: (random) => {
    const [a, b] = [color(random), color(random)];
    const noise = fractalNoise(random);
    const scale = random.uniform(2, 8);
    return (x, y) => mix(a, b, contrast(noise(x * scale, y * scale), 1.8));
  },
  wood: (random) => {
    const dark = hsl(random.uniform(0.05, 0.1), random.uniform(0.3, 0.6), random.uniform(0.2, 0.4));
    const pale = hsl(random.uniform(0.07, 0.12), random.uniform(0.3, 0.55), random.uniform(0.5, 0.75));
    const noise = fractalNoise(random);
    const planks = random.int(4) + 3;
    const rings = random.uniform(8, 22);
    const turned = random.chance(0.5);
    return (px, py) => {
      const [x, y] = turned ? [py, px] : [px, py];
      const plank = Math.floor(y * planks);
      const seam = Math.min(1, Math.abs(y * planks - plank) * 25);
      const grain = noise(x * 1.5 + plank * 7.3, y * rings + plank * 3.1);
      const wave = 0.5 + 0.5 * Math.sin(grain * 18 + plank);
      return scaled(mix(dark, pale, 0.25 * wave + 0.75 * grain), 0.55 + 0.45 * seam);
    };
  },
  tiles: (random) => {
    const [a, b, grout] = [color(random), color(random), hsl(0.1, 0.05, random.uniform(0.3, 0.9))];
    const count = random.int(6) + 3;
    const noise = fractalNoise(random, 4);
    const checked = random.chance(0.5);
    return (x, y) => {
      const column = Math.floor(x * count);
      const row = Math.floor(y * count);
      const edge = Math.min(
        fraction(x * count),
        1 - fraction(x * count),
        fraction(y * count),
        1 - fraction(y * count),
      );
      const tile = checked && (column + row) % 2 ? b : a;
      const shaded = scaled(tile, 0.85 + 0.3 * (noise(x * 9 + column, y * 9 + row) - 0.5));
      return mix(grout, shaded, edge * 40 - 0.8);
    };
  },
  stripes: (random) => {
    const colors = [color(random), color(random), color(random)];
    const count = random.uniform(4, 14);
    const angle = random.uniform(0, Math.PI);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const noise = fractalNoise(random, 3);
    return (x, y) => {
      // The 2 keeps it positive on the whole square.
      const along = (2 + x * cos + y * sin + 0.03 * noise(x * 4, y * 4)) * count;
      const stripe = Math.floor(along);
      const next = (fraction(along) - 0.94) / 0.06;
      return mix(colors[stripe % colors.length]!, colors[(stripe + 1) % colors.length]!, next);
    };
  },
  stones: (random) => {
    const hue = random.next();
    const saturation = random.uniform(0.03, 0.3);
    const gap = hsl(random.uniform(0.05, 0.15), 0.2, random.uniform(0.08, 0.3));
    const cells = cellNoise(random);
    const grain = fractalNoise(random, 4);
    const count = random.uniform(4, 11);
    return (x, y) => {
      const { border, id } = cells(x * count, y * count);
      const stone = hsl(hue + 0.1 * id, saturation, 0.35 + 0.4 * id);
      const rough = 0.75 + 0.5 * grain(x * 14, y * 14);
      return mix(gap, scaled(stone, rough * Math.min(1, 0.7 + border)), (border - 0.03) * 12);
    };
  },
  bokeh: (random) => {
    const base = hsl(random.next(), random.uniform(0.2, 0.6), random.uniform(0.1, 0.3));
    const lights = Array.from({ length: 24 }, () => ({
      x: random.next(),
      y: random.next(),
      radius: random.uniform(0.03, 0.16),
      color: hsl(random.next(), random.uniform(0.3, 0.9), random.uniform(0.5, 0.8)),
      strength: random.uniform(0.15, 0.55),
    }));
    return (x, y) => {
      let result = base;
      for (const light of lights) {
        const [dx, dy] = [x - light.x, y - light.y];
        const square = dx * dx + dy * dy;
        if (square > (1.1 * light.radius) ** 2) continue;
        const d = Math.sqrt(square) / light.radius;
        result = mix(result, light.color, light.strength * Math.min(1, (1.1 - d) * 6));
      }
      return result;
    };
  },
  grass: (random) => {
    const hue = random.uniform(0.2, 0.36);
    const [dark, pale] = [hsl(hue, 0.5, 0.16), hsl(hue - 0.04, 0.55, random.uniform(0.4, 0.6))];
    const noise = fractalNoise(random, 4);
    const tilt = random.uniform(-0.4, 0.4);
    return (x, y) => {
      const blades = noise((x + tilt * y) * 70, y * 9);
      return mix(dark, pale, contrast(0.6 * blades + 0.4 * noise(x * 5, y * 5), 2));
    };
  },
  fabric: (random) => {
    const [a, b] = [color(random), color(random)];
    const threads = random.uniform(25, 60);
    const cells = cellNoise(random);
    const folds = fractalNoise(random, 3);
    const spotted = random.chance(0.4);
    return (x, y) => {
      const weave = 0.85 + 0.15 * Math.sin(x * threads * Math.PI) * Math.sin(y * threads * Math.PI);
      const spot = spotted ? (0.26 - cells(x * 7, y * 7).distance) * 15 : 0;
      return scaled(mix(a, b, spot), weave * (0.7 + 0.6 * folds(x * 2.5, y * 2.5)));
    };
  },
  room: (random) => {
    const [wall, floor] = [
      hsl(random.next(), random.uniform(0.05, 0.35), random.uniform(0.55, 0.9)),
      color(random),
    ];
    const horizon = random.uniform(0.45, 0.75);
    const noise = fractalNoise(random, 4);
    const frame = {
      x: random.uniform(0.05, 0.7),
      y: random.uniform(0.05, 0.25),
      size: random.uniform(0.12, 0.3),
    };
    const picture = color(random);
    return (x, y) => {
      if (y > horizon) return scaled(floor, 0.75 + 0.5 * noise(x * 12, ((y - horizon) / (1 - horizon)) * 5));
      if (y > horizon - 0.02) return scaled(wall, 0.7);
      const inX = x > frame.x && x < frame.x + frame.size;
      if (inX && y > frame.y && y < frame.y + frame.size * 1.2 && y < horizon - 0.05) return picture;
      return scaled(wall, 0.92 + 0.16 * (noise(x * 5, y * 5) - 0.5));
    };
  },
};

/** Light falling off from one side, and a vignette. */
function lighting(random: Philox): Field {
  const angle = random.uniform(0, 2 * Math.PI);
  const slope = random.uniform(0, 0.5);
  const vignette = random.uniform(0, 0.5);
  return (x, y) => {
    const side = 1 + slope * ((x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle));
    return side * (1 - vignette * ((x - 0.5) ** 2 + (y - 0.5) ** 2));
  };
}
