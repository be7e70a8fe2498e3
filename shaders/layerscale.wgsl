// A factor for each column, T is vec4f or (SCALAR) f32; `count` and `width` in T.
struct Params { count: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;

#if SCALAR
alias T = f32;
#else
alias T = vec4f;
#endif

#part scale
// y = residual + gamma · x, or gamma · x
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> gamma: array<T>;
#if RESIDUAL
@group(0) @binding(3) var<storage, read> residual: array<T>;
@group(0) @binding(4) var<storage, read_write> y: array<T>;
#else
@group(0) @binding(3) var<storage, read_write> y: array<T>;
#endif

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
#if RESIDUAL
  y[i] = residual[i] + gamma[i % params.width] * x[i];
#else
  y[i] = gamma[i % params.width] * x[i];
#endif
}

#part product
// y = x · dy, whose column sums are gamma's gradient
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> dy: array<T>;
@group(0) @binding(3) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  y[i] = x[i] * dy[i];
}
