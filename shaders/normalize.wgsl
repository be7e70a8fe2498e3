// L2 normalization of rows, forward and backward. PARALLEL gives each row a workgroup of 64 (GPUs); otherwise each row is
// one invocation's, which is faster where barriers are dear (software adapters). ITEM is vec4f when the width allows.
// Output row r is input row r / kept * period + skipped + r % kept: with kept = period and skipped = 0 that is r itself;
// otherwise the first tokens of each image (class token, registers) are left out.
#if PARALLEL
const LANES = 64u;
var<workgroup> lane: array<f32, 64>;

/** Sum of one number from each lane; every lane gets it. */
fn total(value: f32, t: u32) -> f32 {
  workgroupBarrier();
  lane[t] = value;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t < width) { lane[t] += lane[t + width]; }
  }
  workgroupBarrier();
  return lane[0];
}
#else
const LANES = 1u;
fn total(value: f32, t: u32) -> f32 { return value; }
#endif

#if WIDE
alias Item = vec4f;
#else
alias Item = f32;
#endif

fn product(a: Item, b: Item) -> f32 {
#if WIDE
  return dot(a, b);
#else
  return a * b;
#endif
}

#part forward
struct Params { rows: u32, items: u32, kept: u32, period: u32, skipped: u32, eps: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Item>;
@group(0) @binding(2) var<storage, read_write> y: array<Item>;
@group(0) @binding(3) var<storage, read_write> norms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) invocation: u32) {
#if PARALLEL
  let row = min(group.x + group.y * grid.x, params.rows - 1u);
  let t = invocation;
#else
  let row = (group.x + group.y * grid.x) * 64u + invocation;
  if (row >= params.rows) { return; }
  let t = 0u;
#endif
  let source = (row / params.kept * params.period + params.skipped + row % params.kept) * params.items;
  let destination = row * params.items;
  var squares = 0.0;
  for (var i = t; i < params.items; i += LANES) { squares += product(x[source + i], x[source + i]); }
  let norm = max(sqrt(total(squares, t)), params.eps);
  for (var i = t; i < params.items; i += LANES) { y[destination + i] = x[source + i] / norm; }
  if (t == 0u) { norms[row] = norm; }
}

#part backward
// dx = (dy − y (y·dy)) / ‖x‖; where ‖x‖ ≤ eps the norm was replaced by a constant and dx = dy / eps.
struct Params { rows: u32, items: u32, eps: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<Item>;
@group(0) @binding(2) var<storage, read> norms: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Item>;
@group(0) @binding(4) var<storage, read_write> dx: array<Item>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) invocation: u32) {
#if PARALLEL
  let row = min(group.x + group.y * grid.x, params.rows - 1u);
  let t = invocation;
#else
  let row = (group.x + group.y * grid.x) * 64u + invocation;
  if (row >= params.rows) { return; }
  let t = 0u;
#endif
  let first = row * params.items;
  var along = 0.0;
  for (var i = t; i < params.items; i += LANES) { along += product(y[first + i], dy[first + i]); }
  along = total(along, t);
  let norm = norms[row];
  if (norm <= params.eps) { along = 0.0; }
  for (var i = t; i < params.items; i += LANES) { dx[first + i] = (dy[first + i] - y[first + i] * along) / norm; }
}
