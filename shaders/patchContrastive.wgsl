// InfoNCE between the patches of a triplet's views; the formula is at `patchContrastive` in src/tensor/ops.
// A triplet has 3N members: patches of the anchor (0 ≤ w < N), of the positive (N ≤ w < 2N) and of the negative (2N ≤ w).
// Object patches of anchor and positive are gathered into `rows` first, so that all the rest costs in proportion to the
// object. A workspace holds rows × members of `chunk` triplets at a time: first products, then, in its place, dL/d(product).
// Tokens are vec4s, `items` a token; members come in `groups` of four, the last one padded with members of kind 0.
struct Params {
  triplets: u32, first: u32, chunk: u32, patches: u32, tokens: u32, prefix: u32, items: u32, groups: u32,
  sharpness: f32, objectFrom: f32, backgroundBelow: f32
}
@group(0) @binding(0) var<uniform> params: Params;

const NEITHER = 0u;
const OBJECT = 1u;
const BACKGROUND = 2u;

/** First vec4 of member w of triplet b, in tokens [anchors; positives; negatives] with `prefix` tokens before the patches. */
fn member(b: u32, w: u32) -> u32 {
  let view = w / params.patches * params.triplets + b;
  return (view * params.tokens + params.prefix + w % params.patches) * params.items;
}

/** First group of compact row r of a triplet in the workspace. */
fn line(local: u32, r: u32) -> u32 {
  return (local * 2u * params.patches + r) * params.groups;
}

#part classify
// One triplet an invocation: what each member is, the list of its object patches, their count and the weight of a pair.
@group(0) @binding(1) var<storage, read> coverage: array<f32>;
@group(0) @binding(2) var<storage, read_write> kinds: array<u32>;
@group(0) @binding(3) var<storage, read_write> rows: array<u32>;
@group(0) @binding(4) var<storage, read_write> summary: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let b = gid.x;
  if (b >= params.triplets) { return; }
  let n = params.patches;
  var count = 0u;
  var inAnchor = 0u;
  for (var w = 0u; w < 4u * params.groups; w++) {
    var kind = select(NEITHER, BACKGROUND, w >= 2u * n && w < 3u * n);
    if (w < 2u * n) {
      let covered = coverage[(w / n * params.triplets + b) * n + w % n];
      if (covered >= params.objectFrom) {
        kind = OBJECT;
        rows[b * 2u * n + count] = w;
        count++;
        if (w < n) { inAnchor++; }
      } else if (covered >= 0.0 && covered < params.backgroundBelow) {
        kind = BACKGROUND;
      }
    }
    kinds[b * 4u * params.groups + w] = kind;
  }
  let pairs = 2u * inAnchor * (count - inAnchor);
  summary[2u * b] = select(0.0, f32(count), pairs > 0u);
  summary[2u * b + 1u] = select(0.0, 1.0 / (f32(max(pairs, 1u)) * f32(params.triplets)), pairs > 0u);
}

#part products
// Four rows by four members an invocation.
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> summary: array<f32>;
@group(0) @binding(4) var<storage, read_write> workspace: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let group = index % params.groups;
  let tilesPerTriplet = (2u * params.patches + 3u) / 4u;
  let tile = index / params.groups % tilesPerTriplet;
  let local = index / params.groups / tilesPerTriplet;
  if (local >= params.chunk) { return; }
  let b = params.first + local;
  let count = u32(summary[2u * b]);
  let r = 4u * tile;
  if (r >= count) { return; }
  let list = b * 2u * params.patches;
#for k 0 4
  let row${k} = member(b, rows[list + min(r + ${k}u, count - 1u)]);
  let column${k} = member(b, min(4u * group + ${k}u, 3u * params.patches - 1u));
  var total${k} = vec4f(0);
#end
  for (var i = 0u; i < params.items; i++) {
#for k 0 4
    let c${k} = x[column${k} + i];
#end
#for k 0 4
    let r${k} = x[row${k} + i];
    total${k} += vec4f(dot(r${k}, c0), dot(r${k}, c1), dot(r${k}, c2), dot(r${k}, c3));
#end
  }
#for k 0 4
  if (r + ${k}u < count) { workspace[line(local, r + ${k}u) + group] = total${k}; }
#end
}

#part coefficients
// One row's losses, and dL/d(product) in place of the products. PARALLEL gives a row a workgroup of 64.
@group(0) @binding(1) var<storage, read> kinds: array<vec4u>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> summary: array<f32>;
@group(0) @binding(4) var<storage, read_write> workspace: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;

#if PARALLEL
const LANES = 64u;
var<workgroup> lane: array<f32, 64>;

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

fn largest(value: f32, t: u32) -> f32 {
  workgroupBarrier();
  lane[t] = value;
  for (var width = 32u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t < width) { lane[t] = max(lane[t], lane[t + width]); }
  }
  workgroupBarrier();
  return lane[0];
}
#else
const LANES = 1u;
fn total(value: f32, t: u32) -> f32 { return value; }
fn largest(value: f32, t: u32) -> f32 { return value; }
#endif

fn add(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) invocation: u32) {
#if PARALLEL
  let index = wid.x + wid.y * grid.x;
  let t = invocation;
#else
  let index = (wid.x + wid.y * grid.x) * 64u + invocation;
  let t = 0u;
#endif
  if (index >= params.chunk * 2u * params.patches) { return; }
  let local = index / (2u * params.patches);
  let r = index % (2u * params.patches);
  let b = params.first + local;
  let slot = b * 2u * params.patches + r;
  if (r >= u32(summary[2u * b])) {
    if (t == 0u) { losses[slot] = 0.0; }
    return;
  }
  let weight = summary[2u * b + 1u];
  // Positives of an anchor's patch are the object patches of the positive, and the other way round.
  let other = select(params.patches, 0u, rows[slot] >= params.patches);
  let start = line(local, r);
  let kindStart = b * params.groups;

  var nearest = -1e30;
  for (var g = t; g < params.groups; g += LANES) {
    let v = select(vec4f(-1e30), workspace[start + g], kinds[kindStart + g] == vec4u(BACKGROUND));
    nearest = max(nearest, max(max(v.x, v.y), max(v.z, v.w)));
  }
  nearest = largest(nearest, t);
  var against = 0.0;
  for (var g = t; g < params.groups; g += LANES) {
    let v = workspace[start + g];
    let isNegative = kinds[kindStart + g] == vec4u(BACKGROUND);
    let e = exp((v - nearest) * params.sharpness);
    against += add(select(vec4f(0), e, isNegative));
    workspace[start + g] = select(v, e, isNegative);
  }
  against = total(against, t);
  let logAgainst = nearest * params.sharpness + log(against);

  var loss = 0.0;
  var mistaken = 0.0;
  for (var g = t; g < params.groups; g += LANES) {
    let v = workspace[start + g];
    let kind = kinds[kindStart + g];
    let w = 4u * g + vec4u(0, 1, 2, 3);
    let isPositive = (kind == vec4u(OBJECT)) & (w >= vec4u(other)) & (w < vec4u(other + params.patches));
    var slope = vec4f(0);
    if (any(isPositive)) {
      // log(1 + e^z) and its derivative, without overflow and without losing what is small.
      let z = logAgainst - v * params.sharpness;
      let e = exp(-abs(z));
      let softplus = max(z, vec4f(0)) + select(log(1.0 + e), e - 0.5 * e * e, e < vec4f(1e-3));
      slope = select(vec4f(0), select(e, vec4f(1), z > vec4f(0)) / (1.0 + e), isPositive);
      loss += add(select(vec4f(0), softplus, isPositive));
      mistaken += add(slope);
    }
    workspace[start + g] = select(-slope * weight * params.sharpness, v, kind == vec4u(BACKGROUND));
  }
  loss = total(loss, t);
  let share = total(mistaken, t) / against * weight * params.sharpness;
  for (var g = t; g < params.groups; g += LANES) {
    let v = workspace[start + g];
    workspace[start + g] = select(v, v * share, kinds[kindStart + g] == vec4u(BACKGROUND));
  }
  if (t == 0u) { losses[slot] = loss * weight; }
}

#part memberGradient
// dx of four members, one vec4 of channels an invocation: Σ_r g_rw x_r. Every patch of the triplet is written.
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> summary: array<f32>;
@group(0) @binding(4) var<storage, read> workspace: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let item = index % params.items;
  let group = index / params.items % params.groups;
  let local = index / params.items / params.groups;
  if (local >= params.chunk) { return; }
  let b = params.first + local;
  let count = u32(summary[2u * b]);
  let list = b * 2u * params.patches;
  let start = line(local, 0u) + group;
#for k 0 4
  var total${k} = vec4f(0);
#end
  for (var r = 0u; r < count; r++) {
    let g = workspace[start + r * params.groups];
    let v = x[member(b, rows[list + r]) + item];
    total0 += g.x * v;
    total1 += g.y * v;
    total2 += g.z * v;
    total3 += g.w * v;
  }
#for k 0 4
  if (4u * group + ${k}u < 3u * params.patches) { dx[member(b, 4u * group + ${k}u) + item] = total${k}; }
#end
}

#part rowGradient
// Adds to dx of four rows, one vec4 of channels an invocation: Σ_w g_rw x_w. Runs after memberGradient.
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> rows: array<u32>;
@group(0) @binding(3) var<storage, read> summary: array<f32>;
@group(0) @binding(4) var<storage, read> workspace: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let tilesPerTriplet = (2u * params.patches + 3u) / 4u;
  let item = index % params.items;
  let tile = index / params.items % tilesPerTriplet;
  let local = index / params.items / tilesPerTriplet;
  if (local >= params.chunk) { return; }
  let b = params.first + local;
  let count = u32(summary[2u * b]);
  let r = 4u * tile;
  if (r >= count) { return; }
#for k 0 4
  let line${k} = line(local, min(r + ${k}u, count - 1u));
  var total${k} = vec4f(0);
#end
  let last = 3u * params.patches - 1u;
  for (var group = 0u; group < params.groups; group++) {
#for k 0 4
    let x${k} = x[member(b, min(4u * group + ${k}u, last)) + item];
#end
#for k 0 4
    let g${k} = workspace[line${k} + group];
    total${k} += g${k}.x * x0 + g${k}.y * x1 + g${k}.z * x2 + g${k}.w * x3;
#end
  }
  let list = b * 2u * params.patches;
#for k 0 4
  if (r + ${k}u < count) { dx[member(b, rows[list + r + ${k}u]) + item] += total${k}; }
#end
}
