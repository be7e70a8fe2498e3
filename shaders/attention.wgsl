#if QUAD
enable subgroups;
// Control flow is the same in the four invocations of a quad, though not in all of a workgroup.
diagnostic(off, subgroup_uniformity);
#endif
// Streaming attention for software adapters, and the row sums both variants need. No workgroup memory: one invocation owns
// ROWS rows of one head (queries; in the key/value gradient, keys), keeps them and their accumulators in named vec4s, and
// walks over the other side STEP rows at a time. Loads are what costs there, in time and in compiling (each is a gather with
// a branch for every lane and component), so every loaded vector is used by all ROWS; STEP amortizes rescaling and the
// carrying of accumulators around the loop. With QUAD, four neighbouring invocations own neighbouring rows of the same
// head, and each loads a quarter of every row they walk over.
//
// Rows lie token-major, heads side by side: row · stride + offset + head · D4 (+ d), in vec4s, D4 = D/4.
// Scores are in base 2: scale already holds log2(e), and lse = log2 Σ 2^score. With CAUSAL a query sees no later key.
struct Params {
  batch: u32, heads: u32, queries: u32, keys: u32,
  qStride: u32, qOffset: u32, kStride: u32, kOffset: u32, vStride: u32, vOffset: u32,
  scale: f32, first: u32,
}
@group(0) @binding(0) var<uniform> params: Params;

const LOG2E = 1.4426950408889634;
const NEVER = -3.0e38;

// A row on its way from or to memory, in a loop: loads and stores written out are most of what there is to compile.
var<private> row: array<vec4f, ${D4}>;

struct Place { batch: u32, head: u32, row: u32, lane: u32 }

/// Which of a head's `count` rows this invocation owns, from `row`; `lane` is its place in the quad.
fn place(gid: vec3u, grid: vec3u, count: u32) -> Place {
  let linear = gid.x + gid.y * grid.x * 4u;
#if QUAD
  let lane = linear % 4u;
  let blocks = (count + ${4 * ROWS - 1}u) / ${4 * ROWS}u;
  let index = params.first + linear / 4u;
  let row = (index % blocks) * ${4 * ROWS}u + lane * ${ROWS}u;
#else
  let lane = 0u;
  let blocks = (count + ${ROWS - 1}u) / ${ROWS}u;
  let index = params.first + linear;
  let row = (index % blocks) * ${ROWS}u;
#endif
  let pair = index / blocks;
  return Place(pair / params.heads, pair % params.heads, row, lane);
}

#part forward
@group(0) @binding(1) var<storage, read> q: array<vec4f>;
@group(0) @binding(2) var<storage, read> k: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;

// The accumulators, one for each owned row and vec4 column: an array too long (at the usual widths) for the compiler to
// take apart, always addressed by constants. Carrying them around the loop as variables is slower and compiles longer.
var<private> sums: array<vec4f, ${ROWS * D4}>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let mine = place(gid, grid, params.queries);
  if (mine.batch >= params.batch) { return; }
  let column = mine.head * ${D4}u;
#for n 0 ${ROWS}
  let qAt${n} = (mine.batch * params.queries + min(mine.row + ${n}u, params.queries - 1u)) * params.qStride
    + params.qOffset + column;
  var top${n} = NEVER;
  var sum${n} = 0.0;
  for (var d = 0u; d < ${D4}u; d++) { row[d] = q[qAt${n} + d] * (params.scale * LOG2E); }
#for d 0 ${D4}
  let q${n}_${d} = row[${d}];
  sums[${n * D4 + d}] = vec4f(0.0);
#end
#end
  for (var j = 0u; j < params.keys; j += ${STEP}u) {
#for m 0 ${STEP}
    let key${m} = mine.batch * params.keys + min(j + ${m}u, params.keys - 1u);
    let kAt${m} = key${m} * params.kStride + params.kOffset + column;
    let vAt${m} = key${m} * params.vStride + params.vOffset + column;
#for n 0 ${ROWS}
    var a${n}_${m} = vec4f(0.0);
#end
#if QUAD
#for c 0 ${(D4+3)/4}
    let kPart${m}_${c} = k[kAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
#end
#endif
#for d 0 ${D4}
#if QUAD
    let k${m}_${d} = quadBroadcast(kPart${m}_${d / 4}, ${d % 4}u);
#else
    let k${m}_${d} = k[kAt${m} + ${d}u];
#endif
#for n 0 ${ROWS}
    a${n}_${m} = fma(q${n}_${d}, k${m}_${d}, a${n}_${m});
#end
#end
#end
#for n 0 ${ROWS}
    let before${n} = top${n};
#for m 0 ${STEP}
#if CAUSAL
    let seen${n}_${m} = j + ${m}u < params.keys && j + ${m}u <= mine.row + ${n}u;
#else
    let seen${n}_${m} = j + ${m}u < params.keys;
#endif
    let s${n}_${m} = select(NEVER, dot(a${n}_${m}, vec4f(1.0)), seen${n}_${m});
    top${n} = max(top${n}, s${n}_${m});
#end
    let shrink${n} = exp2(before${n} - top${n});
    sum${n} *= shrink${n};
#for m 0 ${STEP}
    let p${n}_${m} = exp2(s${n}_${m} - top${n});
    sum${n} += p${n}_${m};
#end
#end
#if QUAD
#for m 0 ${STEP}
#for c 0 ${(D4+3)/4}
    let vPart${m}_${c} = v[vAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
#end
#end
#endif
#for d 0 ${D4}
#for m 0 ${STEP}
#if QUAD
    let v${m}_${d} = quadBroadcast(vPart${m}_${d / 4}, ${d % 4}u);
#else
    let v${m}_${d} = v[vAt${m} + ${d}u];
#endif
#end
#for n 0 ${ROWS}
    var o${n}_${d} = sums[${n * D4 + d}] * shrink${n};
#for m 0 ${STEP}
    o${n}_${d} = fma(vec4f(p${n}_${m}), v${m}_${d}, o${n}_${d});
#end
    sums[${n * D4 + d}] = o${n}_${d};
#end
#end
  }
#for n 0 ${ROWS}
  if (mine.row + ${n}u < params.queries) {
    let at = ((mine.batch * params.queries + mine.row + ${n}u) * params.heads + mine.head) * ${D4}u;
    for (var d = 0u; d < ${D4}u; d++) { o[at + d] = sums[${n * D4}u + d] / sum${n}; }
    lse[(mine.batch * params.heads + mine.head) * params.queries + mine.row + ${n}u] = top${n} + log2(sum${n});
  }
#end
}

#part delta
// delta = Σ_d dO · O, by batch, head and query
@group(0) @binding(1) var<storage, read> o: array<vec4f>;
@group(0) @binding(2) var<storage, read> dO: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> delta: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  let row = index / params.heads;
  let batch = row / params.queries;
  if (batch >= params.batch) { return; }
  var sum = vec4f(0.0);
  for (var d = index * ${D4}u; d < (index + 1u) * ${D4}u; d++) { sum = fma(o[d], dO[d], sum); }
  delta[(batch * params.heads + index % params.heads) * params.queries + row % params.queries] = dot(sum, vec4f(1.0));
}

#part queryGradient
// p = 2^(s − lse), ds = p (dO · v − delta), dq = scale Σ_keys ds k
@group(0) @binding(1) var<storage, read> q: array<vec4f>;
@group(0) @binding(2) var<storage, read> k: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read> dO: array<vec4f>;
@group(0) @binding(5) var<storage, read> lse: array<f32>;
@group(0) @binding(6) var<storage, read> delta: array<f32>;
@group(0) @binding(7) var<storage, read_write> dq: array<vec4f>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let mine = place(gid, grid, params.queries);
  if (mine.batch >= params.batch) { return; }
  let column = mine.head * ${D4}u;
#for n 0 ${ROWS}
  let row${n} = min(mine.row + ${n}u, params.queries - 1u);
  let qAt${n} = (mine.batch * params.queries + row${n}) * params.qStride + params.qOffset + column;
  let oAt${n} = ((mine.batch * params.queries + row${n}) * params.heads + mine.head) * ${D4}u;
  let lse${n} = lse[(mine.batch * params.heads + mine.head) * params.queries + row${n}];
  let delta${n} = delta[(mine.batch * params.heads + mine.head) * params.queries + row${n}];
  for (var d = 0u; d < ${D4}u; d++) { row[d] = q[qAt${n} + d] * (params.scale * LOG2E); }
#for d 0 ${D4}
  let q${n}_${d} = row[${d}];
#end
  for (var d = 0u; d < ${D4}u; d++) { row[d] = dO[oAt${n} + d]; }
#for d 0 ${D4}
  let dO${n}_${d} = row[${d}];
  var dq${n}_${d} = vec4f(0.0);
#end
#end
  for (var j = 0u; j < params.keys; j += ${STEP}u) {
#for m 0 ${STEP}
    let key${m} = mine.batch * params.keys + min(j + ${m}u, params.keys - 1u);
    let kAt${m} = key${m} * params.kStride + params.kOffset + column;
    let vAt${m} = key${m} * params.vStride + params.vOffset + column;
#for n 0 ${ROWS}
    var a${n}_${m} = vec4f(0.0);
    var b${n}_${m} = vec4f(0.0);
#end
#if QUAD
#for c 0 ${(D4+3)/4}
    let kPart${m}_${c} = k[kAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
    let vPart${m}_${c} = v[vAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
#end
#endif
#for d 0 ${D4}
#if QUAD
    let k${m}_${d} = quadBroadcast(kPart${m}_${d / 4}, ${d % 4}u);
    let v${m}_${d} = quadBroadcast(vPart${m}_${d / 4}, ${d % 4}u);
#else
    let k${m}_${d} = k[kAt${m} + ${d}u];
    let v${m}_${d} = v[vAt${m} + ${d}u];
#endif
#for n 0 ${ROWS}
    a${n}_${m} = fma(q${n}_${d}, k${m}_${d}, a${n}_${m});
    b${n}_${m} = fma(dO${n}_${d}, v${m}_${d}, b${n}_${m});
#end
#end
#for n 0 ${ROWS}
#if CAUSAL
    let seen${n}_${m} = j + ${m}u < params.keys && j + ${m}u <= mine.row + ${n}u;
#else
    let seen${n}_${m} = j + ${m}u < params.keys;
#endif
    let p${n}_${m} = select(0.0, exp2(dot(a${n}_${m}, vec4f(1.0)) - lse${n}), seen${n}_${m});
    let ds${n}_${m} = vec4f(p${n}_${m} * (dot(b${n}_${m}, vec4f(1.0)) - delta${n}));
#end
#end
#for d 0 ${D4}
#for n 0 ${ROWS}
#for m 0 ${STEP}
    dq${n}_${d} = fma(ds${n}_${m}, k${m}_${d}, dq${n}_${d});
#end
#end
#end
  }
#for n 0 ${ROWS}
  if (mine.row + ${n}u < params.queries) {
#for d 0 ${D4}
    row[${d}] = dq${n}_${d};
#end
    for (var d = 0u; d < ${D4}u; d++) { dq[qAt${n} + d] = params.scale * row[d]; }
  }
#end
}

#part keyValueGradient
// dk = scale Σ_queries ds q, dv = Σ_queries p dO. FUSED: both go into one buffer, laid out as the inputs are.
@group(0) @binding(1) var<storage, read> q: array<vec4f>;
@group(0) @binding(2) var<storage, read> k: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read> dO: array<vec4f>;
@group(0) @binding(5) var<storage, read> lse: array<f32>;
@group(0) @binding(6) var<storage, read> delta: array<f32>;
@group(0) @binding(7) var<storage, read_write> dk: array<vec4f>;
#if !FUSED
@group(0) @binding(8) var<storage, read_write> dv: array<vec4f>;
#endif

// The accumulators, two for each owned row and vec4 column, kept as in the forward kernel.
var<private> sums: array<vec4f, ${2 * ROWS * D4}>;

@compute @workgroup_size(4)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let mine = place(gid, grid, params.keys);
  if (mine.batch >= params.batch) { return; }
  let column = mine.head * ${D4}u;
#for n 0 ${ROWS}
  let key${n} = mine.batch * params.keys + min(mine.row + ${n}u, params.keys - 1u);
  let kAt${n} = key${n} * params.kStride + params.kOffset + column;
  let vAt${n} = key${n} * params.vStride + params.vOffset + column;
  for (var d = 0u; d < ${D4}u; d++) { row[d] = k[kAt${n} + d] * (params.scale * LOG2E); }
#for d 0 ${D4}
  let k${n}_${d} = row[${d}];
#end
  for (var d = 0u; d < ${D4}u; d++) { row[d] = v[vAt${n} + d]; }
#for d 0 ${D4}
  let v${n}_${d} = row[${d}];
  sums[${2 * n * D4 + d}] = vec4f(0.0);
  sums[${(2 * n + 1) * D4 + d}] = vec4f(0.0);
#end
#end
  for (var i = 0u; i < params.queries; i += ${STEP}u) {
#for m 0 ${STEP}
    let row${m} = min(i + ${m}u, params.queries - 1u);
    let qAt${m} = (mine.batch * params.queries + row${m}) * params.qStride + params.qOffset + column;
    let oAt${m} = ((mine.batch * params.queries + row${m}) * params.heads + mine.head) * ${D4}u;
    let lse${m} = lse[(mine.batch * params.heads + mine.head) * params.queries + row${m}];
    let delta${m} = delta[(mine.batch * params.heads + mine.head) * params.queries + row${m}];
#for n 0 ${ROWS}
    var a${n}_${m} = vec4f(0.0);
    var b${n}_${m} = vec4f(0.0);
#end
#if QUAD
#for c 0 ${(D4+3)/4}
    let qPart${m}_${c} = q[qAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
    let dOPart${m}_${c} = dO[oAt${m} + min(${4 * c}u + mine.lane, ${D4 - 1}u)];
#end
#endif
#for d 0 ${D4}
#if QUAD
    let q${m}_${d} = quadBroadcast(qPart${m}_${d / 4}, ${d % 4}u);
    let dO${m}_${d} = quadBroadcast(dOPart${m}_${d / 4}, ${d % 4}u);
#else
    let q${m}_${d} = q[qAt${m} + ${d}u];
    let dO${m}_${d} = dO[oAt${m} + ${d}u];
#endif
#for n 0 ${ROWS}
    a${n}_${m} = fma(k${n}_${d}, q${m}_${d}, a${n}_${m});
    b${n}_${m} = fma(v${n}_${d}, dO${m}_${d}, b${n}_${m});
#end
#end
#for n 0 ${ROWS}
#if CAUSAL
    let seen${n}_${m} = i + ${m}u < params.queries && i + ${m}u >= mine.row + ${n}u;
#else
    let seen${n}_${m} = i + ${m}u < params.queries;
#endif
    let p${n}_${m} = select(0.0, exp2(dot(a${n}_${m}, vec4f(1.0)) - lse${m}), seen${n}_${m});
    let ds${n}_${m} = vec4f(p${n}_${m} * (dot(b${n}_${m}, vec4f(1.0)) - delta${m}));
#end
#end
#for d 0 ${D4}
#for n 0 ${ROWS}
    var dk${n}_${d} = sums[${2 * n * D4 + d}];
    var dv${n}_${d} = sums[${(2 * n + 1) * D4 + d}];
#for m 0 ${STEP}
    dk${n}_${d} = fma(ds${n}_${m}, q${m}_${d}, dk${n}_${d});
    dv${n}_${d} = fma(vec4f(p${n}_${m}), dO${m}_${d}, dv${n}_${d});
#end
    sums[${2 * n * D4 + d}] = dk${n}_${d};
    sums[${(2 * n + 1) * D4 + d}] = dv${n}_${d};
#end
#end
  }
#for n 0 ${ROWS}
  if (mine.row + ${n}u < params.keys) {
    for (var d = 0u; d < ${D4}u; d++) {
      dk[kAt${n} + d] = params.scale * sums[${2 * n * D4}u + d];
#if FUSED
      dk[vAt${n} + d] = sums[${(2 * n + 1) * D4}u + d];
#else
      dv[vAt${n} + d] = sums[${(2 * n + 1) * D4}u + d];
#endif
    }
  }
#end
}
