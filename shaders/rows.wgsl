// Moving and summing rows. Offsets, strides and widths are in elements of T: vec4f, or f32 (SCALAR) where some width is no
// multiple of four. One invocation an output element, indices linear and folded into y.
#if SCALAR
alias T = f32;
#else
alias T = vec4f;
#endif

fn index(gid: vec3u, grid: vec3u) -> u32 {
  return gid.x + gid.y * grid.x * 64u;
}

#part copy
// y[r, yOffset + c] = x[r, xOffset + c] for c < width
struct Params { rows: u32, width: u32, xStride: u32, xOffset: u32, yStride: u32, yOffset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  let column = i % params.width;
  if (row >= params.rows) { return; }
  y[row * params.yStride + params.yOffset + column] = x[row * params.xStride + params.xOffset + column];
}

#part place
// y[r, c] = x[r, c − offset] inside the block, 0 outside: the transpose of taking a block
struct Params { rows: u32, width: u32, offset: u32, blockWidth: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  let column = i % params.width;
  if (row >= params.rows) { return; }
  var value = T(0.0);
  if (column >= params.offset && column < params.offset + params.blockWidth) {
    value = x[row * params.blockWidth + column - params.offset];
  }
  y[i] = value;
}

#part sum
// y[o, c] = scale Σ_t x[offset + o · outerStride + t · stride + c], t < count
struct Params { outer: u32, width: u32, count: u32, offset: u32, outerStride: u32, stride: u32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let outer = i / params.width;
  if (outer >= params.outer) { return; }
  var at = params.offset + outer * params.outerStride + i % params.width;
  var sum = T(0.0);
  for (var t = 0u; t < params.count; t++) {
    sum += x[at];
    at += params.stride;
  }
  y[i] = params.scale * sum;
}

#part spread
// y[o, t, c] = scale · x[o, c] for from <= t < to, else 0: the transpose of a scaled sum over t
struct Params { outer: u32, count: u32, width: u32, begin: u32, end: u32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  let outer = row / params.count;
  let t = row % params.count;
  if (outer >= params.outer) { return; }
  var value = T(0.0);
  if (t >= params.begin && t < params.end) { value = params.scale * x[outer * params.width + i % params.width]; }
  y[i] = value;
}

#part gather
// y[i, c] = x[indices[i], c]
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  if (row >= params.rows) { return; }
  y[i] = x[indices[row] * params.width + i % params.width];
}

#part scatterAdd
// y[r, c] = Σ x[sources[k], c] over starts[r] <= k < starts[r + 1]: gather's transpose, in a fixed order and without atomics
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> starts: array<u32>;
@group(0) @binding(3) var<storage, read> sources: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<T>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  if (row >= params.rows) { return; }
  var sum = T(0.0);
  for (var k = starts[row]; k < starts[row + 1u]; k++) { sum += x[sources[k] * params.width + i % params.width]; }
  y[i] = sum;
}

#part prepend
// y[b, t] = token[t] + positions[t] for t < prefix; y[b, t] = x[b, t − prefix] + positions[t] after
struct Params { batch: u32, tokens: u32, prefix: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> token: array<T>;
@group(0) @binding(2) var<storage, read> x: array<T>;
#if POSITIONS
@group(0) @binding(3) var<storage, read> positions: array<T>;
@group(0) @binding(4) var<storage, read_write> y: array<T>;
#else
@group(0) @binding(3) var<storage, read_write> y: array<T>;
#endif

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let row = i / params.width;
  let column = i % params.width;
  let batch = row / params.tokens;
  let t = row % params.tokens;
  if (batch >= params.batch) { return; }
  var value: T;
  if (t < params.prefix) { value = token[t * params.width + column]; }
  else { value = x[(row - (batch + 1u) * params.prefix) * params.width + column]; }
#if POSITIONS
  value += positions[t * params.width + column];
#endif
  y[i] = value;
}
