// Weighted mean squared error by pixel: rows of `columns` numbers, one weight a row.
struct Params { count: u32, columns: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;

#part squares
// y = factor · w (p − t)²
@group(0) @binding(1) var<storage, read> prediction: array<f32>;
@group(0) @binding(2) var<storage, read> wanted: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let d = prediction[i] - wanted[i];
  y[i] = params.factor * weights[i / params.columns] * d * d;
}

#part gradient
// dp = 2 factor · w (p − t) · dy
@group(0) @binding(1) var<storage, read> prediction: array<f32>;
@group(0) @binding(2) var<storage, read> wanted: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dp: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  dp[i] = 2.0 * params.factor * weights[i / params.columns] * (prediction[i] - wanted[i]) * dy[0];
}
