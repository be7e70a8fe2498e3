/** Multiply-adds on registers alone: the rate that no kernel of this build can pass on this machine. For `npm run bench`. */
import { madd } from './simd';

/**
 * Arguments: result, one v128 per task; rounds; x and y, numbers below 1. Each round takes a of every chain (`ops/peak.ts`) to
 * a·x + y; the chains begin at y, 2y, 3y, … and are added up in the end.
 */
export function peakKernel(args: usize, task: i32): void {
  const rounds = load<i32>(args, 4);
  const x = v128.load32_splat(args, 8);
  const y = v128.load32_splat(args, 12);
  let a0 = y;
  let a1 = f32x4.add(a0, y);
  let a2 = f32x4.add(a1, y);
  let a3 = f32x4.add(a2, y);
  let a4 = f32x4.add(a3, y);
  let a5 = f32x4.add(a4, y);
  let a6 = f32x4.add(a5, y);
  let a7 = f32x4.add(a6, y);
  let a8 = f32x4.add(a7, y);
  let a9 = f32x4.add(a8, y);
  let a10 = f32x4.add(a9, y);
  let a11 = f32x4.add(a10, y);
  for (let i = 0; i < rounds; i++) {
    a0 = madd(a0, x, y);
    a1 = madd(a1, x, y);
    a2 = madd(a2, x, y);
    a3 = madd(a3, x, y);
    a4 = madd(a4, x, y);
    a5 = madd(a5, x, y);
    a6 = madd(a6, x, y);
    a7 = madd(a7, x, y);
    a8 = madd(a8, x, y);
    a9 = madd(a9, x, y);
    a10 = madd(a10, x, y);
    a11 = madd(a11, x, y);
  }
  a0 = f32x4.add(f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)), f32x4.add(f32x4.add(a4, a5), f32x4.add(a6, a7)));
  a8 = f32x4.add(f32x4.add(a8, a9), f32x4.add(a10, a11));
  v128.store(load<usize>(args) + 16 * task, f32x4.add(a0, a8));
}
