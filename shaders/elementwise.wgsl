// Elementwise kernels on vec4f: `count` is in vec4s, rounded up; pool buffers are padded to 256 bytes, so the tail is ours.
struct Params { count: u32, scalar: f32 }
@group(0) @binding(0) var<uniform> params: Params;

const WORKGROUP = 64u;

fn index(gid: vec3u, grid: vec3u) -> u32 {
  return gid.x + gid.y * grid.x * WORKGROUP;
}

#part fill
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i < params.count) { y[i] = vec4f(params.scalar); }
}

#part addInPlace
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i < params.count) { y[i] += params.scalar * x[i]; }
}

#part add
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i < params.count) { y[i] = a[i] + params.scalar * b[i]; }
}

#part scale
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i < params.count) { y[i] = params.scalar * x[i]; }
}

#part scaleBy
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> factor: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i < params.count) { y[i] = x[i] * factor[0]; }
}
