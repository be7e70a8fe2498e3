// Dropout without a stored mask: element i is kept when word i of a Philox4x32-10 stream reaches the threshold, so the
// backward pass draws the same words again. One invocation takes one block of four words.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; src/random/philox.ts is
// the same generator on the CPU.
struct Params { count: u32, threshold: u32, seedLow: u32, seedHigh: u32, streamLow: u32, streamHigh: u32, firstBlock: u32, scale: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

/// High 32 bits of the 64-bit product, from 16-bit halves.
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aLow = a & 0xffffu;
  let aHigh = a >> 16u;
  let bLow = b & 0xffffu;
  let bHigh = b >> 16u;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let carry = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (carry >> 16u);
}

fn philox(block: u32) -> vec4u {
  var counter = vec4u(block, 0u, params.streamLow, params.streamHigh);
  var key = vec2u(params.seedLow, params.seedHigh);
  for (var round = 0u; round < 10u; round++) {
    let high0 = multiplyHigh(0xd2511f53u, counter.x);
    let high1 = multiplyHigh(0xcd9e8d57u, counter.z);
    counter = vec4u(high1 ^ counter.y ^ key.x, 0xcd9e8d57u * counter.z, high0 ^ counter.w ^ key.y, 0xd2511f53u * counter.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return counter;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  y[i] = select(vec4f(), params.scale * x[i], philox(params.firstBlock + i) >= vec4u(params.threshold));
}
