// Optimizers and gradient clipping over several parameters a dispatch (COUNT of them; LoRA has many small matrices).
// Vectors of four: pool buffers are padded, and what is computed in the padding never meets a real element.

#part adam
// Adam and AdamW as in PyTorch. Parameter k owns invocations start_k ≤ i < start_k+1; its first moments lie at i of
// `moments`, its second moments `start${COUNT}` further on.
struct Params {
#for k 0 COUNT+1
  start${k}: u32,
#end
  gain1: f32, beta2: f32, gain2: f32, stepSize: f32, denominatorScale: f32, eps: f32, decay: f32
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> moments: array<vec4f>;
#for k 0 COUNT
@group(0) @binding(${2 + 2 * k}) var<storage, read_write> p${k}: array<vec4f>;
@group(0) @binding(${3 + 2 * k}) var<storage, read> g${k}: array<vec4f>;
#end

/** New value of four weights; their moments are at i. */
fn update(weights: vec4f, gradients: vec4f, i: u32) -> vec4f {
#if DECOUPLED
  let w = weights * (1.0 - params.decay);
  let g = gradients;
#else
  let w = weights;
  let g = gradients + params.decay * weights;
#endif
  let j = i + params.start${COUNT};
  let first = moments[i] + params.gain1 * (g - moments[i]);
  let second = params.beta2 * moments[j] + params.gain2 * g * g;
  moments[i] = first;
  moments[j] = second;
  return w - params.stepSize * first / (sqrt(second) * params.denominatorScale + params.eps);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
#for k 0 COUNT
  if (i >= params.start${k} && i < params.start${k + 1}) {
    let at = i - params.start${k};
    p${k}[at] = update(p${k}[at], g${k}[at], i);
  }
#end
}

#part squares
// Each invocation's share of Σ g² over COUNT gradients, written at its place of `sums`.
struct Params {
#for k 0 COUNT
  count${k}: u32,
#end
  invocations: u32, offset: u32
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
#for k 0 COUNT
@group(0) @binding(${2 + k}) var<storage, read> g${k}: array<f32>;
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  if (gid.x >= params.invocations) { return; }
  var total = 0.0;
#for k 0 COUNT
  for (var i = gid.x; i < params.count${k}; i += params.invocations) { total += g${k}[i] * g${k}[i]; }
#end
  sums[params.offset + gid.x] = total;
}

#part clipFactor
// norm[0] is the global norm, norm[1] what gradients are multiplied by.
struct Params { count: u32, maxNorm: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<f32>;
@group(0) @binding(2) var<storage, read_write> norm: array<f32>;

var<workgroup> lane: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  var total = 0.0;
  for (var i = t; i < params.count; i += 64u) { total += sums[i]; }
  lane[t] = total;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t < width) { lane[t] += lane[t + width]; }
  }
  if (t == 0u) {
    norm[0] = sqrt(lane[0]);
    norm[1] = min(1.0, params.maxNorm / (norm[0] + 1e-6));
  }
}

#part scaleGradients
struct Params {
#for k 0 COUNT+1
  start${k}: u32,
#end
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> norm: array<f32>;
#for k 0 COUNT
@group(0) @binding(${2 + k}) var<storage, read_write> g${k}: array<vec4f>;
#end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
#for k 0 COUNT
  if (i >= params.start${k} && i < params.start${k + 1}) { g${k}[i - params.start${k}] *= norm[1]; }
#end
}
