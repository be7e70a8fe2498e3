// Layer normalization of rows. SCALAR rows have a width that is no multiple of four.
// SOFTWARE adapters: one invocation a row. GPUs: one workgroup a row, sums over its 64 invocations in workgroup memory.
struct Params { rows: u32, width: u32, columns: f32, epsilon: f32, chunkRows: u32, chunks: u32 }
@group(0) @binding(0) var<uniform> params: Params;

#if SCALAR
alias T = f32;
fn total(v: T) -> f32 { return v; }
#else
alias T = vec4f;
fn total(v: T) -> f32 { return dot(v, vec4f(1.0)); }
#endif

#if !SOFTWARE
var<workgroup> shares: array<f32, 64>;

fn sumOverGroup(value: f32, lane: u32) -> f32 {
  workgroupBarrier();
  shares[lane] = value;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half >>= 1u) {
    if (lane < half) { shares[lane] += shares[lane + half]; }
    workgroupBarrier();
  }
  return shares[0];
}
#endif

#part forward
// y = (x − mean) · rstd · gamma + beta; stats = (mean, rstd) by row. The variance base centred values, in a second pass.
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> gamma: array<T>;
@group(0) @binding(3) var<storage, read> beta: array<T>;
@group(0) @binding(4) var<storage, read_write> y: array<T>;
@group(0) @binding(5) var<storage, read_write> stats: array<vec2f>;

#if SOFTWARE
@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let row = gid.x + gid.y * grid.x * 16u;
  if (row >= params.rows) { return; }
  let base = row * params.width;
  var sum = T(0.0);
  for (var i = 0u; i < params.width; i++) { sum += x[base + i]; }
  let mean = total(sum) / params.columns;
  var squares = T(0.0);
  for (var i = 0u; i < params.width; i++) {
    let d = x[base + i] - mean;
    squares += d * d;
  }
  let rstd = inverseSqrt(total(squares) / params.columns + params.epsilon);
  for (var i = 0u; i < params.width; i++) { y[base + i] = (x[base + i] - mean) * rstd * gamma[i] + beta[i]; }
  stats[row] = vec2f(mean, rstd);
}
#else
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * grid.x;
  if (row >= params.rows) { return; }
  let base = row * params.width;
  var sum = T(0.0);
  for (var i = lane; i < params.width; i += 64u) { sum += x[base + i]; }
  let mean = sumOverGroup(total(sum), lane) / params.columns;
  var squares = T(0.0);
  for (var i = lane; i < params.width; i += 64u) {
    let d = x[base + i] - mean;
    squares += d * d;
  }
  let rstd = inverseSqrt(sumOverGroup(total(squares), lane) / params.columns + params.epsilon);
  for (var i = lane; i < params.width; i += 64u) {
    y[base + i] = (x[base + i] - mean) * rstd * gamma[i] + beta[i];
  }
  if (lane == 0u) { stats[row] = vec2f(mean, rstd); }
}
#endif

#part inputGradient
// With g = dy · gamma and n = (x − mean) · rstd: dx = rstd (g − mean(g) − n · mean(g n))
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> gamma: array<T>;
@group(0) @binding(3) var<storage, read> dy: array<T>;
@group(0) @binding(4) var<storage, read> stats: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> dx: array<T>;

#if SOFTWARE
@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let row = gid.x + gid.y * grid.x * 16u;
  if (row >= params.rows) { return; }
  let base = row * params.width;
  let mean = stats[row].x;
  let rstd = stats[row].y;
  var sumG = T(0.0);
  var sumGN = T(0.0);
  for (var i = 0u; i < params.width; i++) {
    let g = dy[base + i] * gamma[i];
    sumG += g;
    sumGN += g * (x[base + i] - mean);
  }
  let meanG = total(sumG) / params.columns;
  let meanGN = total(sumGN) * rstd / params.columns;
  for (var i = 0u; i < params.width; i++) {
    dx[base + i] = rstd * (dy[base + i] * gamma[i] - meanG - (x[base + i] - mean) * (rstd * meanGN));
  }
}
#else
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.x + group.y * grid.x;
  if (row >= params.rows) { return; }
  let base = row * params.width;
  let mean = stats[row].x;
  let rstd = stats[row].y;
  var sumG = T(0.0);
  var sumGN = T(0.0);
  for (var i = lane; i < params.width; i += 64u) {
    let g = dy[base + i] * gamma[i];
    sumG += g;
    sumGN += g * (x[base + i] - mean);
  }
  let meanG = sumOverGroup(total(sumG), lane) / params.columns;
  let meanGN = sumOverGroup(total(sumGN), lane) * rstd / params.columns;
  for (var i = lane; i < params.width; i += 64u) {
    dx[base + i] = rstd * (dy[base + i] * gamma[i] - meanG - (x[base + i] - mean) * (rstd * meanGN));
  }
}
#endif

#part parameterGradients
// By chunk of rows: sums over its rows of dy · n (first `width` entries) and of dy (the next). A second pass adds chunks.
@group(0) @binding(1) var<storage, read> x: array<T>;
@group(0) @binding(2) var<storage, read> dy: array<T>;
@group(0) @binding(3) var<storage, read> stats: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> sums: array<T>;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let column = gid.x;
  let chunk = gid.y;
  if (column >= params.width) { return; }
  var gammaSum = T(0.0);
  var betaSum = T(0.0);
  let end = min((chunk + 1u) * params.chunkRows, params.rows);
  for (var row = chunk * params.chunkRows; row < end; row++) {
    let d = dy[row * params.width + column];
    gammaSum += d * (x[row * params.width + column] - stats[row].x) * stats[row].y;
    betaSum += d;
  }
  sums[chunk * params.width + column] = gammaSum;
  sums[(params.chunks + chunk) * params.width + column] = betaSum;
}
