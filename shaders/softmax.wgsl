// Softmax of rows of any width. SOFTWARE: one invocation a row; else one workgroup of 64 a row.
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;

#if SOFTWARE
const LANES = 1u;
const WORKGROUP = 16u;
fn sumOverRow(value: f32, lane: u32) -> f32 { return value; }
fn maxOverRow(value: f32, lane: u32) -> f32 { return value; }
#else
const LANES = 64u;
const WORKGROUP = 64u;
var<workgroup> shares: array<f32, 64>;

fn sumOverRow(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  shares[lane] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half >>= 1u) {
    if (lane < half) { shares[lane] += shares[lane + half]; }
    workgroupBarrier();
  }
  return shares[0];
}

fn maxOverRow(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  shares[lane] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half >>= 1u) {
    if (lane < half) { shares[lane] = max(shares[lane], shares[lane + half]); }
    workgroupBarrier();
  }
  return shares[0];
}
#endif

fn rowOf(group: vec3u, grid: vec3u, lane: u32) -> u32 {
  return (group.x + group.y * grid.x) * (WORKGROUP / LANES) + lane / LANES;
}

#part forward
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
#if SOFTWARE
  let row = rowOf(group, grid, index);
#else
  let row = rowOf(group, grid, 0u);
#endif
  if (row >= params.rows) { return; }
  let lane = index % LANES;
  let base = row * params.width;
  var top = -3.0e38;
  for (var i = lane; i < params.width; i += LANES) { top = max(top, x[base + i]); }
  top = maxOverRow(top, lane);
  var sum = 0.0;
  for (var i = lane; i < params.width; i += LANES) {
    let weight = exp(x[base + i] - top);
    y[base + i] = weight;
    sum += weight;
  }
  let factor = 1.0 / sumOverRow(sum, lane);
  for (var i = lane; i < params.width; i += LANES) { y[base + i] *= factor; }
}

#part backward
// dx = y (dy − Σ y dy)
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(WORKGROUP)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
#if SOFTWARE
  let row = rowOf(group, grid, index);
#else
  let row = rowOf(group, grid, 0u);
#endif
  if (row >= params.rows) { return; }
  let lane = index % LANES;
  let base = row * params.width;
  var sum = 0.0;
  for (var i = lane; i < params.width; i += LANES) { sum = fma(y[base + i], dy[base + i], sum); }
  sum = sumOverRow(sum, lane);
  for (var i = lane; i < params.width; i += LANES) { dx[base + i] = y[base + i] * (dy[base + i] - sum); }
}
