/** Single drawn shapes that prints repeat. Sizes are radii in canvas pixels. */

export type Ctx = CanvasRenderingContext2D;

export function disc(ctx: Ctx, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fill();
}

export function star(
  ctx: Ctx,
  x: number,
  y: number,
  r: number,
  points: number,
  inner: number,
  turn: number,
): void {
  ctx.beginPath();
  for (let i = 0; i < 2 * points; i++) {
    const a = turn + (i * Math.PI) / points;
    const q = i % 2 ? r * inner : r;
    ctx.lineTo(x + q * Math.sin(a), y - q * Math.cos(a));
  }
  ctx.closePath();
  ctx.fill();
}

export function heart(ctx: Ctx, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y + r);
  ctx.bezierCurveTo(x - 1.7 * r, y - 0.1 * r, x - 0.8 * r, y - 1.3 * r, x, y - 0.4 * r);
  ctx.bezierCurveTo(x + 0.8 * r, y - 1.3 * r, x + 1.7 * r, y - 0.1 * r, x, y + r);
  ctx.fill();
}

export function leaf(ctx: Ctx, x: number, y: number, r: number, turn: number): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(turn);
  ctx.beginPath();
  ctx.moveTo(0, -r);
  ctx.quadraticCurveTo(0.75 * r, 0, 0, r);
  ctx.quadraticCurveTo(-0.75 * r, 0, 0, -r);
  ctx.fill();
  ctx.restore();
}

export function flower(
  ctx: Ctx,
  x: number,
  y: number,
  r: number,
  petal: string,
  eye: string,
  turn: number,
): void {
  ctx.fillStyle = petal;
  for (let i = 0; i < 5; i++) {
    const a = turn + (i * 2 * Math.PI) / 5;
    disc(ctx, x + 0.55 * r * Math.cos(a), y + 0.55 * r * Math.sin(a), 0.42 * r);
  }
  ctx.fillStyle = eye;
  disc(ctx, x, y, 0.32 * r);
}

export function fish(ctx: Ctx, x: number, y: number, r: number, flip: number): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(flip, 1);
  ctx.beginPath();
  ctx.ellipse(0, 0, r, 0.55 * r, 0, 0, 2 * Math.PI);
  ctx.fill();
  ctx.beginPath();
  ctx.moveTo(0.8 * r, 0);
  ctx.lineTo(1.6 * r, -0.55 * r);
  ctx.lineTo(1.6 * r, 0.55 * r);
  ctx.fill();
  ctx.fillStyle = '#ffffff';
  disc(ctx, -0.5 * r, -0.12 * r, 0.14 * r);
  ctx.restore();
}
