// SiLU: x·sigmoid(x). Its derivative is σ(x)(1 + x(1 − σ(x))).
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;

#part forward
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  y[i] = x[i] / (1.0 + exp(-x[i]));
}

#part backward
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> dy: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  let sigmoid = 1.0 / (1.0 + exp(-x[i]));
  dx[i] = dy[i] * sigmoid * (1.0 + x[i] * (1.0 - sigmoid));
}
