// Sums over all elements, over rows and over columns. Every sum is a tree of fixed shape (no atomics): the same numbers
// on the same adapter always give the same bits. SQUARES sums x² instead of x.

#part partials
// Stage one: invocation t of `invocations` sums the vec4s t, t + invocations, … The tail of a pool buffer is garbage.
struct Params { count: u32, invocations: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  if (gid.x >= params.invocations) { return; }
  let whole = params.count / 4u;
  var total = vec4f(0);
  for (var i = gid.x; i < whole; i += params.invocations) {
#if SQUARES
    total += x[i] * x[i];
#else
    total += x[i];
#endif
  }
  if (gid.x == 0u && whole * 4u < params.count) {
    let inside = vec4u(whole * 4u) + vec4u(0, 1, 2, 3) < vec4u(params.count);
    let rest = select(vec4f(0), x[whole], inside);
#if SQUARES
    total += rest * rest;
#else
    total += rest;
#endif
  }
  sums[gid.x] = (total.x + total.y) + (total.z + total.w);
}

#part finish
// Stage two: one workgroup. Small inputs come here directly.
struct Params { count: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

var<workgroup> lane: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  var total = 0.0;
  for (var i = t; i < params.count; i += 64u) {
#if SQUARES
    total += x[i] * x[i];
#else
    total += x[i];
#endif
  }
  lane[t] = total;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t < width) { lane[t] += lane[t + width]; }
  }
  if (t == 0u) { y[0] = lane[0] * params.factor; }
}

#part rows
// PARALLEL gives each row a workgroup of 64 (GPUs); otherwise one invocation, where barriers are dear (software adapters).
struct Params { rows: u32, columns: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

#if PARALLEL
var<workgroup> lane: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) t: u32) {
  let row = group.x + group.y * grid.x;
  var total = 0.0;
  if (row < params.rows) {
    for (var c = t; c < params.columns; c += 64u) { total += x[row * params.columns + c]; }
  }
  lane[t] = total;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t < width) { lane[t] += lane[t + width]; }
  }
  if (t == 0u && row < params.rows) { y[row] = lane[0]; }
}
#else
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let row = gid.x + gid.y * grid.x * 64u;
  if (row >= params.rows) { return; }
  let first = row * params.columns;
  let whole = params.columns / 4u * 4u;
  var total = vec4f(0);
  for (var c = 0u; c < whole; c += 4u) {
    let i = first + c;
    total += vec4f(x[i], x[i + 1u], x[i + 2u], x[i + 3u]);
  }
  var rest = 0.0;
  for (var c = whole; c < params.columns; c++) { rest += x[first + c]; }
  y[row] = (total.x + total.y) + (total.z + total.w) + rest;
}
#endif

#part columns
// Rows are cut into `segments`; run again over the segment sums with one segment. ITEM is vec4f when the width allows.
struct Params { rows: u32, items: u32, segments: u32, rowsPerSegment: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<${ITEM}>;
@group(0) @binding(2) var<storage, read_write> y: array<${ITEM}>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  if (index >= params.items * params.segments) { return; }
  let column = index % params.items;
  let first = index / params.items * params.rowsPerSegment;
  var total = ${ITEM}(0);
  for (var row = first; row < min(first + params.rowsPerSegment, params.rows); row++) {
    total += x[row * params.items + column];
  }
  y[index] = total;
}

#part spread
// Gradient of every sum here: each element gets the gradient of the sum it went into, times 2x where squares were summed.
struct Params { count: u32, columns: u32, factor: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dx: array<f32>;
#if SQUARES
@group(0) @binding(3) var<storage, read> x: array<f32>;
#endif

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  var gradient = params.factor * dy[${SOURCE}];
#if SQUARES
  gradient *= 2.0 * x[i];
#endif
  dx[i] = gradient;
}
