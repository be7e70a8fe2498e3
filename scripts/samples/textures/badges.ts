/** Marks on the sides of shoes, as functions of the place. */
import { smoothstep } from './noise.ts';

export const BADGES = ['bars', 'wave', 'star', 'dots', 'chevron', 'bolt', 'ring', 'plain'] as const;
export type Badge = (typeof BADGES)[number];

/** Share of the badge's ink at (along, up) on the side; along runs to the toe, both about -0.5..0.5. */
export function badgeInk(badge: Badge, x: number, y: number): number {
  const soft = (d: number) => 1 - smoothstep(-0.012, 0.012, d);
  switch (badge) {
    case 'bars': {
      const t = (x + y * 0.55) / 0.17;
      return Math.abs(x + y * 0.55) < 0.29 ? soft((Math.abs(t - Math.round(t)) - 0.29) * 0.17) : 0;
    }
    case 'wave':
      return soft(Math.abs(y - 0.13 * Math.sin(5.5 * x)) - 0.075 - 0.05 * x);
    case 'star': {
      const a = Math.atan2(x, y);
      const sector = (2 * Math.PI) / 5;
      const b = Math.abs((((a % sector) + sector) % sector) - sector / 2);
      return soft(Math.hypot(x, y) - (0.13 + 0.17 * (b / (sector / 2)) ** 1.3));
    }
    case 'dots': {
      const [u, v] = [x / 0.17, y / 0.17];
      return soft(Math.hypot(u - Math.round(u), v - Math.round(v)) * 0.17 - 0.055);
    }
    case 'chevron': {
      const t = (x + Math.abs(y) * 0.9) / 0.2;
      return Math.abs(t) < 1.8 ? soft((Math.abs(t - Math.round(t)) - 0.26) * 0.2) : 0;
    }
    case 'bolt': {
      const slant = x + 0.35 * y + (y > 0 ? -0.07 : 0.07);
      return soft(Math.abs(slant) - (y > 0 ? 0.06 + 0.32 * y : 0.05 + 0.34 * (y + 0.28)));
    }
    case 'ring':
      return soft(Math.abs(Math.hypot(x, y) - 0.19) - 0.055);
    case 'plain':
      return 0;
  }
}
