// GELU(x) = x Φ(x) with the exact normal distribution function Φ(x) = (1 + erf(x/√2))/2.
//
// With a = |x| only the upper tail q = Φ(−a) is needed: GELU(x) = max(x, 0) − a q, which keeps relative accuracy for
// very negative x. The form is Abramowitz and Stegun's 7.1.26 (a polynomial in 1/(1 + p a) times exp(−a²/2)); below
// a = 1.25, where that loses bits to cancellation, the odd power series of Φ(a) − ½. All coefficients are minimax fits
// made for this file (linear programming on a dense grid). The error of erf = 1 − 2q evaluated in f32 is below 1.2e-7.
struct Params { count: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;

fn centralTail(a: vec4f) -> vec4f {
  let u = a * a;
  let s = ((((-6.6448561e-6 * u + 1.1032744e-4) * u - 1.1827096e-3) * u + 9.9715004e-3) * u - 6.6489987e-2) * u
    + 0.39894226;
  return 0.5 - a * s;
}

fn farTail(a: vec4f, gaussian: vec4f) -> vec4f {
  let t = 1.0 / (1.0 + 0.39 * a);
  let m = ((((-0.099055484 * t + 0.18777221) * t + 0.093128763) * t + 0.16246092) * t + 0.15513137) * t;
  return gaussian * m;
}

fn upperTail(a: vec4f, gaussian: vec4f) -> vec4f {
  return select(farTail(a, gaussian), centralTail(a), a < vec4f(1.25));
}

#part forward
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let v = x[i];
  let a = abs(v);
  y[i] = max(v, vec4f(0.0)) - a * upperTail(a, exp(-0.5 * a * a));
}

#part backward
// d/dx (x Φ(x)) = Φ(x) + x exp(−x²/2)/√(2π)
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let v = x[i];
  let a = abs(v);
  let gaussian = exp(-0.5 * a * a);
  let q = upperTail(a, gaussian);
  dx[i] = dy[i] * (select(q, 1.0 - q, v > vec4f(0.0)) + 0.39894228 * v * gaussian);
}

#part gatedForward
// GEGLU: y = h GELU(g), h the first and g the second half of the columns; `width` vec4s a half
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let at = i / params.width * 2u * params.width + i % params.width;
  let g = x[at + params.width];
  let a = abs(g);
  y[i] = x[at] * (max(g, vec4f(0.0)) - a * upperTail(a, exp(-0.5 * a * a)));
}

#part gatedBackward
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let at = i / params.width * 2u * params.width + i % params.width;
  let g = x[at + params.width];
  let a = abs(g);
  let gaussian = exp(-0.5 * a * a);
  let q = upperTail(a, gaussian);
  dx[at] = dy[i] * (max(g, vec4f(0.0)) - a * q);
  dx[at + params.width] = dy[i] * x[at] * (select(q, 1.0 - q, g > vec4f(0.0)) + 0.39894228 * g * gaussian);
}
