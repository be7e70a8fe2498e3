/** Runs of numbers: what the kernels of rows are made of. */

/** y = x + z. */
export function addRun(x: usize, z: usize, y: usize, count: i32): void {
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, f32x4.add(v128.load(x), v128.load(z)));
    x += 16;
    z += 16;
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(x) + load<f32>(z));
    x += 4;
    z += 4;
    y += 4;
  }
}

/** y = scale·x. */
export function scaleRun(x: usize, y: usize, count: i32, scale: f32): void {
  const factor = f32x4.splat(scale);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, f32x4.mul(v128.load(x), factor));
    x += 16;
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(x) * scale);
    x += 4;
    y += 4;
  }
}

/** y = value. */
export function fillRun(y: usize, count: i32, value: f32): void {
  const values = f32x4.splat(value);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, values);
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, value);
    y += 4;
  }
}

/** y = 2x·y. */
export function multiplyTwiceRun(x: usize, y: usize, count: i32): void {
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const value = v128.load(x);
    v128.store(y, f32x4.mul(v128.load(y), f32x4.add(value, value)));
    x += 16;
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(y) * (2 * load<f32>(x)));
    x += 4;
    y += 4;
  }
}

/** y = x: faster than the engine's copy, a call out of WebAssembly, for runs of less than about 256 numbers. */
@inline
export function copyRun(x: usize, y: usize, count: i32): void {
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, v128.load(x));
    x += 16;
    y += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(x));
    x += 4;
    y += 4;
  }
}
