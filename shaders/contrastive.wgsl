// Losses over all pairs of anchors q [A, C], positives p [P, C] and negatives n [N, C]. Everything goes through one matrix of
// A rows and P + N columns: first the products s = q·p | q·n, then, in its place, dL/ds. Batches are at most some hundreds,
// so each element finds the log-sum-exp of its row itself: no second pass, no barrier. ITEM is vec4f when the width allows.
#if WIDE
alias Item = vec4f;
#else
alias Item = f32;
#endif

#part similarities
struct Params { anchors: u32, positives: u32, negatives: u32, items: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Item>;
@group(0) @binding(2) var<storage, read> p: array<Item>;
@group(0) @binding(3) var<storage, read> n: array<Item>;
@group(0) @binding(4) var<storage, read_write> s: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let columns = params.positives + params.negatives;
  if (index >= params.anchors * columns) { return; }
  let anchor = index / columns * params.items;
  let column = index % columns;
  var total = Item(0);
  if (column < params.positives) {
    let other = column * params.items;
    for (var i = 0u; i < params.items; i++) { total += q[anchor + i] * p[other + i]; }
  } else {
    let other = (column - params.positives) * params.items;
    for (var i = 0u; i < params.items; i++) { total += q[anchor + i] * n[other + i]; }
  }
#if WIDE
  s[index] = (total.x + total.y) + (total.z + total.w);
#else
  s[index] = total;
#endif
}

#part coefficients
// One element of the matrix an invocation: its share of the loss and dL/ds. `sharpness` is 1/τ.
struct Params { anchors: u32, positives: u32, negatives: u32, sharpness: f32, margin: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> s: array<f32>;
@group(0) @binding(2) var<storage, read_write> losses: array<f32>;
@group(0) @binding(3) var<storage, read_write> coefficients: array<f32>;

/** log Σ e^{s/τ} over elements first ≤ i < end of the matrix. */
fn logSumExp(first: u32, end: u32) -> f32 {
  var largest = s[first];
  for (var i = first + 1u; i < end; i++) { largest = max(largest, s[i]); }
  var total = 0.0;
  for (var i = first; i < end; i++) { total += exp((s[i] - largest) * params.sharpness); }
  return largest * params.sharpness + log(total);
}

/** log(1 + e^z) without overflow, and without losing what is small (a solved triplet). */
fn softplus(z: f32) -> f32 {
  let e = exp(-abs(z));
  return max(z, 0.0) + select(log(1.0 + e), e - 0.5 * e * e, e < 1e-3);
}

fn sigmoid(z: f32) -> f32 {
  let e = exp(-abs(z));
  return select(e, 1.0, z > 0.0) / (1.0 + e);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let columns = params.positives + params.negatives;
  if (index >= params.anchors * columns) { return; }
  let column = index % columns;
  let first = index - column;
  let middle = first + params.positives;
  let end = first + columns;
  let isPositive = column < params.positives;
  var loss = 0.0;
  var slope = 0.0;
#if INFO_NCE
  let share = 1.0 / f32(params.anchors * params.positives);
  let against = logSumExp(middle, end);
  if (isPositive) {
    let z = against - s[index] * params.sharpness;
    loss = softplus(z) * share;
    slope = -sigmoid(z) * share;
  } else {
    var mistaken = 0.0;
    for (var i = first; i < middle; i++) { mistaken += sigmoid(against - s[i] * params.sharpness); }
    slope = mistaken * exp(s[index] * params.sharpness - against) * share;
  }
  coefficients[index] = slope * params.sharpness;
#endif
#if MULTI_POSITIVE
  let share = 1.0 / f32(params.anchors);
  let support = logSumExp(first, middle);
  let against = logSumExp(middle, end);
  let mistaken = sigmoid(against - support);
  if (column == 0u) { loss = softplus(against - support) * share; }
  if (isPositive) {
    slope = -mistaken * exp(s[index] * params.sharpness - support) * share;
  } else {
    slope = mistaken * exp(s[index] * params.sharpness - against) * share;
  }
  coefficients[index] = slope * params.sharpness;
#endif
#if HINGE
  let share = 1.0 / f32(params.anchors * params.positives * params.negatives);
  if (isPositive) {
    for (var k = middle; k < end; k++) {
      let violation = params.margin - s[index] + s[k];
      if (violation > 0.0) { loss += violation * share; slope -= share; }
    }
  } else {
    for (var i = first; i < middle; i++) {
      if (params.margin - s[i] + s[index] > 0.0) { slope += share; }
    }
  }
  coefficients[index] = slope;
#endif
  losses[index] = loss;
}

#part anchorGradient
// dq_j = dy Σ_i g_ji p_i + dy Σ_k g_jk n_k
struct Params { anchors: u32, positives: u32, negatives: u32, items: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<Item>;
@group(0) @binding(2) var<storage, read> n: array<Item>;
@group(0) @binding(3) var<storage, read> g: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<f32>;
@group(0) @binding(5) var<storage, read_write> dq: array<Item>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  if (index >= params.anchors * params.items) { return; }
  let item = index % params.items;
  let first = index / params.items * (params.positives + params.negatives);
  var total = Item(0);
  for (var i = 0u; i < params.positives; i++) { total += g[first + i] * p[i * params.items + item]; }
  let middle = first + params.positives;
  for (var k = 0u; k < params.negatives; k++) { total += g[middle + k] * n[k * params.items + item]; }
  dq[index] = total * dy[0];
}

#part otherGradient
// dp_i = dy Σ_j g_ji q_j; for negatives the columns from `offset` on.
struct Params { anchors: u32, others: u32, items: u32, columns: u32, offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Item>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<Item>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  if (index >= params.others * params.items) { return; }
  let item = index % params.items;
  let column = params.offset + index / params.items;
  var total = Item(0);
  for (var j = 0u; j < params.anchors; j++) { total += g[j * params.columns + column] * q[j * params.items + item]; }
  dx[index] = total * dy[0];
}

#part ranking
// 1 where the anchor's cosine to its own positive exceeds that to its own negative, else 0. The anchor's length cancels.
struct Params { triplets: u32, items: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<Item>;
@group(0) @binding(2) var<storage, read> p: array<Item>;
@group(0) @binding(3) var<storage, read> n: array<Item>;
@group(0) @binding(4) var<storage, read_write> hit: array<f32>;

fn product(a: Item, b: Item) -> f32 {
#if WIDE
  return dot(a, b);
#else
  return a * b;
#endif
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  if (gid.x >= params.triplets) { return; }
  let first = gid.x * params.items;
  var positive = 0.0;
  var negative = 0.0;
  var positiveSquares = 0.0;
  var negativeSquares = 0.0;
  for (var i = first; i < first + params.items; i++) {
    positive += product(q[i], p[i]);
    negative += product(q[i], n[i]);
    positiveSquares += product(p[i], p[i]);
    negativeSquares += product(n[i], n[i]);
  }
  hit[gid.x] = select(0.0, 1.0, positive * sqrt(negativeSquares) > negative * sqrt(positiveSquares));
}
