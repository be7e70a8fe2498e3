// Group normalization of images [N, P, C] (P pixels, channels last), channels as vec4s, groups of any size. Sums are taken
// by channel first, so that groups that are no multiple of four need no special case, in CHUNKS of pixels.
// SILU: followed by x·sigmoid(x).
struct Params { images: u32, pixels: u32, channels: u32, groups: u32, chunks: u32, chunkPixels: u32, epsilon: f32 }
@group(0) @binding(0) var<uniform> params: Params;

fn index(gid: vec3u, grid: vec3u) -> u32 {
  return gid.x + gid.y * grid.x * 64u;
}

#part sums
// partial [N, chunks, 2, C]: sums of x − first and (x − first)², first being the channel's first pixel in the image, so
// that a mean far from zero costs no digits.
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> partial_: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let width = params.channels / 4u;
  let channel = i % width;
  let chunk = i / width % params.chunks;
  let image = i / (width * params.chunks);
  if (image >= params.images) { return; }
  let base = image * params.pixels * width + channel;
  let first = x[base];
  var sum = vec4f();
  var squares = vec4f();
  let end = min((chunk + 1u) * params.chunkPixels, params.pixels);
  for (var p = chunk * params.chunkPixels; p < end; p++) {
    let v = x[base + p * width] - first;
    sum += v;
    squares += v * v;
  }
  let at = (image * params.chunks + chunk) * 2u * width + channel;
  partial_[at] = sum;
  partial_[at + width] = squares;
}

#part statistics
// stats [N, groups, 2]: mean and 1/√(variance + epsilon). A workgroup a group; count, mean and squared deviations of its
// channels' chunks are put together as in Chan, Golub and LeVeque (1979), within invocations and then between them.
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> partial_: array<f32>;
@group(0) @binding(3) var<storage, read_write> stats: array<vec2f>;

/// Count, mean, sum of squared deviations.
var<workgroup> shares: array<vec3f, 64>;

fn merge(a: vec3f, b: vec3f) -> vec3f {
  let count = a.x + b.x;
  if (count == 0.0) { return vec3f(); }
  let difference = b.y - a.y;
  let part = b.x / count;
  return vec3f(count, a.y + difference * part, a.z + b.z + difference * difference * a.x * part);
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = wid.x + wid.y * grid.x;
  if (i >= params.images * params.groups) { return; }
  let image = i / params.groups;
  let size = params.channels / params.groups;
  let from_ = i % params.groups * size;
  var own = vec3f();
  for (var j = lane; j < size * params.chunks; j += 64u) {
    let c = from_ + j % size;
    let chunk = j / size;
    let count = f32(min((chunk + 1u) * params.chunkPixels, params.pixels)) - f32(min(chunk * params.chunkPixels, params.pixels));
    if (count == 0.0) { continue; }
    let at = (image * params.chunks + chunk) * 2u * params.channels + c;
    let sum = partial_[at];
    let squares = partial_[at + params.channels];
    let first = x[image * params.pixels * params.channels + c];
    own = merge(own, vec3f(count, first + sum / count, max(squares - sum * sum / count, 0.0)));
  }
  shares[lane] = own;
  for (var stride = 32u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { shares[lane] = merge(shares[lane], shares[lane + stride]); }
  }
  if (lane == 0u) { stats[i] = vec2f(shares[0].y, inverseSqrt(shares[0].z / shares[0].x + params.epsilon)); }
}

#part normalize
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> stats: array<vec2f>;
@group(0) @binding(3) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(4) var<storage, read> beta: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let width = params.channels / 4u;
  if (i >= params.images * params.pixels * width) { return; }
  let channel = i % width;
  let group = i / (width * params.pixels) * params.groups;
  let size = params.channels / params.groups;
#for j 0 4
  let s${j} = stats[group + (channel * 4u + ${j}u) / size];
#end
  let mean = vec4f(s0.x, s1.x, s2.x, s3.x);
  let rstd = vec4f(s0.y, s1.y, s2.y, s3.y);
  let z = (x[i] - mean) * rstd * gamma[channel] + beta[channel];
#if SILU
  y[i] = z / (1.0 + exp(-z));
#else
  y[i] = z;
#endif
}

#part gradientSums
// partial [N, chunks, 2, C]: sums of dz and dz·n, n the normalized x and z = n·gamma + beta
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> stats: array<vec2f>;
@group(0) @binding(3) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(4) var<storage, read> beta: array<vec4f>;
@group(0) @binding(5) var<storage, read> dy: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> partial_: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let width = params.channels / 4u;
  let channel = i % width;
  let chunk = i / width % params.chunks;
  let image = i / (width * params.chunks);
  if (image >= params.images) { return; }
  let base = image * params.pixels * width + channel;
  let size = params.channels / params.groups;
#for j 0 4
  let s${j} = stats[image * params.groups + (channel * 4u + ${j}u) / size];
#end
  let mean = vec4f(s0.x, s1.x, s2.x, s3.x);
  let rstd = vec4f(s0.y, s1.y, s2.y, s3.y);
  var sum = vec4f();
  var products = vec4f();
  let end = min((chunk + 1u) * params.chunkPixels, params.pixels);
  for (var p = chunk * params.chunkPixels; p < end; p++) {
    let n = (x[base + p * width] - mean) * rstd;
    var dz = dy[base + p * width];
#if SILU
    let z = n * gamma[channel] + beta[channel];
    let sigmoid = 1.0 / (1.0 + exp(-z));
    dz *= sigmoid * (1.0 + z * (1.0 - sigmoid));
#endif
    sum += dz;
    products += dz * n;
  }
  let at = (image * params.chunks + chunk) * 2u * width + channel;
  partial_[at] = sum;
  partial_[at + width] = products;
}

#part gradientStatistics
// means [N, groups, 2]: mean over the group of g = dz·gamma and of g·n. A workgroup a group.
@group(0) @binding(1) var<storage, read> partial_: array<f32>;
@group(0) @binding(2) var<storage, read> gamma: array<f32>;
@group(0) @binding(3) var<storage, read_write> means: array<vec2f>;

var<workgroup> shares: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = wid.x + wid.y * grid.x;
  if (i >= params.images * params.groups) { return; }
  let image = i / params.groups;
  let size = params.channels / params.groups;
  let from_ = i % params.groups * size;
  var own = vec2f();
  for (var j = lane; j < size * params.chunks; j += 64u) {
    let c = from_ + j % size;
    let at = (image * params.chunks + j / size) * 2u * params.channels + c;
    own += gamma[c] * vec2f(partial_[at], partial_[at + params.channels]);
  }
  shares[lane] = own;
  for (var stride = 32u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { shares[lane] += shares[lane + stride]; }
  }
  if (lane == 0u) { means[i] = shares[0] / (f32(params.pixels) * f32(size)); }
}

#part gradient
// dx = rstd (g − mean(g) − n mean(g n))
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> stats: array<vec2f>;
@group(0) @binding(3) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(4) var<storage, read> beta: array<vec4f>;
@group(0) @binding(5) var<storage, read> dy: array<vec4f>;
@group(0) @binding(6) var<storage, read> means: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  let width = params.channels / 4u;
  if (i >= params.images * params.pixels * width) { return; }
  let channel = i % width;
  let group = i / (width * params.pixels) * params.groups;
  let size = params.channels / params.groups;
#for j 0 4
  let g${j} = group + (channel * 4u + ${j}u) / size;
  let s${j} = stats[g${j}];
  let m${j} = means[g${j}];
#end
  let mean = vec4f(s0.x, s1.x, s2.x, s3.x);
  let rstd = vec4f(s0.y, s1.y, s2.y, s3.y);
  let n = (x[i] - mean) * rstd;
  var dz = dy[i];
#if SILU
  let z = n * gamma[channel] + beta[channel];
  let sigmoid = 1.0 / (1.0 + exp(-z));
  dz *= sigmoid * (1.0 + z * (1.0 - sigmoid));
#endif
  dx[i] = rstd * (dz * gamma[channel] - vec4f(m0.x, m1.x, m2.x, m3.x) - n * vec4f(m0.y, m1.y, m2.y, m3.y));
}
