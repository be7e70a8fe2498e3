/** Printed patterns: on mugs, labels, cushions, cloth, paper. All tile from left to right. */
import { Rng } from '../random.ts';
import type { Paint } from './canvas.ts';
import { type Ctx, disc, fish, flower, heart, leaf, star } from './motifs.ts';

export const PRINTS = [
  'plain',
  'stripes',
  'bands',
  'dots',
  'plaid',
  'zigzag',
  'flowers',
  'stars',
  'leaves',
  'mountains',
  'waves',
  'hearts',
  'terrazzo',
  'checks',
  'arches',
  'fish',
] as const;
export type PrintKind = (typeof PRINTS)[number];

export interface Print {
  kind: PrintKind;
  /** Ground first, then the inks; at least two. */
  colours: readonly string[];
  /** Motifs across the width. */
  count: number;
}

const ink = (print: Print, i: number): string => {
  const inks = print.colours.slice(1);
  return (inks[i % inks.length] ?? print.colours[0]) as string;
};

/** Calls back for every motif of a half-drop grid, drawn twice at the seam so the print tiles. */
function scatter(
  print: Print,
  w: number,
  h: number,
  at: (x: number, y: number, r: number, i: number) => void,
): void {
  const step = w / print.count;
  const rows = Math.max(1, Math.round(h / step));
  for (let row = 0; row < rows; row++)
    for (let col = -1; col <= print.count; col++) {
      const x = (col + (row % 2 ? 0.5 : 0)) * step + step / 4;
      at(x, ((row + 0.5) * h) / rows, step * 0.3, row * 7 + ((col + print.count) % print.count));
    }
}

/** A smooth periodic skyline from `h * low` to `h * high`. */
function ridge(ctx: Ctx, w: number, h: number, low: number, high: number, peaks: number, rng: Rng): void {
  const tops = Array.from({ length: peaks }, () => rng.range(low, high));
  ctx.beginPath();
  ctx.moveTo(0, h);
  for (let i = 0; i <= peaks; i++) {
    ctx.lineTo((i * w) / peaks, h * (1 - (tops[i % peaks] as number)));
    if (i < peaks) ctx.lineTo(((i + 0.5) * w) / peaks, h * (1 - low * rng.range(0.5, 0.95)));
  }
  ctx.lineTo(w, h);
  ctx.fill();
}

const PAINTERS: Record<PrintKind, (ctx: Ctx, w: number, h: number, print: Print, rng: Rng) => void> = {
  plain: () => {},
  stripes(ctx, w, h, print) {
    for (let i = 0; i < print.count; i++) {
      ctx.fillStyle = ink(print, i);
      ctx.fillRect((i * w) / print.count, 0, (0.5 * w) / print.count, h);
    }
  },
  bands(ctx, w, h, print) {
    for (let i = 0; i < print.count; i++) {
      ctx.fillStyle = ink(print, i);
      ctx.fillRect(0, ((i + 0.25) * h) / print.count, w, (0.5 * h) / print.count);
    }
  },
  dots(ctx, w, h, print) {
    scatter(print, w, h, (x, y, r, i) => {
      ctx.fillStyle = ink(print, i);
      disc(ctx, x, y, r);
    });
  },
  plaid(ctx, w, h, print) {
    const step = w / print.count;
    ctx.globalAlpha = 0.55;
    for (let i = 0; i < print.count; i++) {
      ctx.fillStyle = ink(print, 0);
      ctx.fillRect(i * step, 0, step * 0.45, h);
      ctx.fillStyle = ink(print, 1);
      ctx.fillRect((i + 0.68) * step, 0, step * 0.08, h);
    }
    for (let y = 0; y < h; y += step) {
      ctx.fillStyle = ink(print, 0);
      ctx.fillRect(0, y, w, step * 0.45);
      ctx.fillStyle = ink(print, 1);
      ctx.fillRect(0, y + 0.68 * step, w, step * 0.08);
    }
    ctx.globalAlpha = 1;
  },
  zigzag(ctx, w, h, print) {
    const rows = Math.max(2, Math.round((print.count * h) / w));
    ctx.lineWidth = (0.42 * h) / rows;
    ctx.lineJoin = 'miter';
    for (let row = 0; row <= rows; row++) {
      ctx.strokeStyle = ink(print, row);
      ctx.beginPath();
      for (let i = -1; i <= 2 * print.count + 1; i++)
        ctx.lineTo((i * w) / (2 * print.count), ((row + (i % 2 === 0 ? 0.2 : 0.8)) * h) / rows);
      ctx.stroke();
    }
  },
  flowers(ctx, w, h, print, rng) {
    scatter(print, w, h, (x, y, r, i) => {
      const turn = rng.fork(i).range(0, 6);
      ctx.fillStyle = '#5d8a4e';
      leaf(ctx, x + r, y + r * 0.8, r * 0.6, turn);
      flower(ctx, x, y, r * 1.15, ink(print, i), i % 2 ? '#f5c945' : '#fff3d6', turn);
    });
  },
  stars(ctx, w, h, print, rng) {
    scatter(print, w, h, (x, y, r, i) => {
      ctx.fillStyle = ink(print, i);
      star(ctx, x, y, r * 1.15, 5, 0.45, rng.fork(i).range(-0.4, 0.4));
    });
  },
  leaves(ctx, w, h, print, rng) {
    scatter(print, w, h, (x, y, r, i) => {
      ctx.fillStyle = ink(print, i);
      const turn = rng.fork(i).range(-1, 1);
      for (const d of [-0.9, 0, 0.9])
        leaf(ctx, x + d * r * 0.55, y - Math.abs(d) * -0.3 * r, r, turn + d * 0.8);
    });
  },
  mountains(ctx, w, h, print, rng) {
    ctx.fillStyle = ink(print, 3);
    for (const x of [0.12, 0.45, 0.8]) disc(ctx, w * x, h * 0.26, h * 0.12);
    for (let layer = 0; layer < 3; layer++) {
      ctx.fillStyle = ink(print, layer);
      ridge(ctx, w, h, 0.56 - layer * 0.15, 0.84 - layer * 0.22, print.count + layer, rng.fork(layer));
    }
  },
  waves(ctx, w, h, print) {
    const rows = 7;
    for (let row = 0; row < rows; row++) {
      ctx.fillStyle = ink(print, row);
      ctx.beginPath();
      ctx.moveTo(0, h);
      for (let x = 0; x <= w; x += 2) {
        const swell = Math.sin((2 * Math.PI * print.count * x) / w + row * 1.3) * 0.35;
        ctx.lineTo(x, (h * (row + 0.8 + swell)) / rows);
      }
      ctx.lineTo(w, h);
      ctx.fill();
    }
  },
  hearts(ctx, w, h, print) {
    scatter(print, w, h, (x, y, r, i) => {
      ctx.fillStyle = ink(print, i);
      heart(ctx, x, y, r);
    });
  },
  terrazzo(ctx, w, h, print, rng) {
    for (let i = 0; i < print.count * 26; i++) {
      const chip = rng.fork(i);
      const [x, y, r] = [chip.range(0, w), chip.range(0, h), (chip.range(0.06, 0.3) * w) / print.count];
      ctx.fillStyle = ink(print, i);
      for (const dx of [-w, 0, w]) {
        ctx.beginPath();
        const shape = chip.fork('shape');
        for (let k = 0; k < 5; k++) {
          const a = ((k + shape.range(-0.25, 0.25)) * 2 * Math.PI) / 5;
          const q = r * shape.range(0.55, 1);
          ctx.lineTo(x + dx + q * Math.cos(a), y + q * Math.sin(a));
        }
        ctx.fill();
      }
    }
  },
  checks(ctx, w, h, print) {
    const step = w / (2 * print.count);
    for (let row = 0; row * step < h; row++)
      for (let col = 0; col < 2 * print.count; col++) {
        if ((row + col) % 2) continue;
        ctx.fillStyle = ink(print, row >> 1);
        ctx.fillRect(col * step, row * step, step, step);
      }
  },
  arches(ctx, w, h, print) {
    const step = w / print.count;
    for (let i = 0; i < print.count; i++)
      for (let ring = 0; ring < 4; ring++) {
        ctx.fillStyle = ring === 3 ? (print.colours[0] as string) : ink(print, ring);
        const r = step * (0.46 - 0.11 * ring);
        const x = (i + 0.5) * step;
        const y = h * 0.82;
        ctx.beginPath();
        ctx.arc(x, y - h * 0.2, r, Math.PI, 2 * Math.PI);
        ctx.lineTo(x + r, y);
        ctx.lineTo(x - r, y);
        ctx.fill();
      }
  },
  fish(ctx, w, h, print) {
    scatter(print, w, h, (x, y, r, i) => {
      ctx.fillStyle = ink(print, i);
      fish(ctx, x - r * 0.3, y, r * 0.95, i % 2 ? 1 : -1);
    });
  },
};

/** Painter of a print over a whole canvas. */
export function paintPrint(print: Print, seed = 'print'): Paint {
  return (ctx, w, h) => {
    ctx.fillStyle = print.colours[0] as string;
    ctx.fillRect(0, 0, w, h);
    PAINTERS[print.kind](ctx, w, h, print, new Rng(seed));
  };
}

/** Families of colours that look well together; the first of each is a light ground. */
export const PALETTES: readonly (readonly string[])[] = [
  ['#f6efe2', '#c8553d', '#588b8b', '#f2b263', '#2d3a4a'],
  ['#f2f4f3', '#22577a', '#38a3a5', '#80ed99', '#f4a259'],
  ['#fdf0d5', '#780000', '#c1121f', '#003049', '#669bbc'],
  ['#f8edeb', '#d16d8a', '#7d5ba6', '#f4b860', '#4f6d7a'],
  ['#e9f0ea', '#386641', '#6a994e', '#bc4749', '#d8b348'],
  ['#fff7e6', '#e76f51', '#264653', '#2a9d8f', '#e9c46a'],
  ['#2b2d42', '#edf2f4', '#ef233c', '#8d99ae', '#ffd166'],
  ['#1d3557', '#f1faee', '#e63946', '#a8dadc', '#ffb703'],
  ['#f7d9c4', '#8a5a44', '#b08968', '#5e548e', '#7f5539'],
  ['#d7e3fc', '#3d5a80', '#ee6c4d', '#293241', '#98c1d9'],
  ['#fefae0', '#606c38', '#dda15e', '#283618', '#bc6c25'],
  ['#3a5a40', '#dad7cd', '#a3b18a', '#e9c46a', '#e07a5f'],
];

/** A print drawn from the palettes. */
export function randomPrint(rng: Rng, kinds: readonly PrintKind[] = PRINTS): Print {
  const palette = rng.pick(PALETTES);
  const [ground, ...inks] = palette as [string, ...string[]];
  return { kind: rng.pick(kinds), colours: [ground, ...rng.shuffled(inks)], count: 3 + rng.int(5) };
}
