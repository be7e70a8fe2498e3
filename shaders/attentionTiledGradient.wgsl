#part queryGradient
// p = 2^(s − lse), ds = p (dO · v − delta), dq = scale Σ_keys ds k
@group(0) @binding(1) var<storage, read> q: array<vec4f>;
@group(0) @binding(2) var<storage, read> k: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read> dO: array<vec4f>;
@group(0) @binding(5) var<storage, read> lse: array<f32>;
@group(0) @binding(6) var<storage, read> delta: array<f32>;
@group(0) @binding(7) var<storage, read_write> dq: array<vec4f>;

var<workgroup> qTile: array<vec4f, ${OWN * (D4 + 1)}>;
var<workgroup> dOTile: array<vec4f, ${OWN * (D4 + 1)}>;
var<workgroup> kTile: array<vec4f, ${OTHER * (D4 + 1)}>;
var<workgroup> vTile: array<vec4f, ${OTHER * (D4 + 1)}>;
var<workgroup> weights: array<vec4f, ${OTHER * OWN / 4}>;

@compute @workgroup_size(8, ${OWN/4})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let mine = place(group, grid, params.queries);
  if (mine.batch >= params.batch) { return; }
  let x = local.x;
  let y = local.y;
  let column = mine.head * D4;
  let qBase = mine.batch * params.queries * params.qStride + params.qOffset + column;
  let kBase = mine.batch * params.keys * params.kStride + params.kOffset + column;
  let vBase = mine.batch * params.keys * params.vStride + params.vOffset + column;
  let oBase = mine.batch * params.queries * params.heads * D4 + column;
  let rowBase = (mine.batch * params.heads + mine.head) * params.queries;
  for (var e = lane; e < OWN * D4; e += THREADS) {
    let row = mine.row + e / D4;
    var value = vec4f(0.0);
    var gradient = vec4f(0.0);
    if (row < params.queries) {
      value = q[qBase + row * params.qStride + e % D4] * (params.scale * LOG2E);
      gradient = dO[oBase + row * params.heads * D4 + e % D4];
    }
    qTile[(e / D4) * PITCH + e % D4] = value;
    dOTile[(e / D4) * PITCH + e % D4] = gradient;
  }
  var lses: vec4f;
  var deltas: vec4f;
#for i 0 4
  let row${i} = mine.row + y + ${i}u * GROUPS;
  lses[${i}] = lse[rowBase + min(row${i}, params.queries - 1u)];
  deltas[${i}] = delta[rowBase + min(row${i}, params.queries - 1u)];
#end
#for c 0 ${(D4+7)/8}
#for i 0 4
  var dq${i}_${c} = vec4f(0.0);
#end
#end
  for (var j = 0u; j < params.keys; j += OTHER) {
    for (var e = lane; e < OTHER * D4; e += THREADS) {
      let row = j + e / D4;
      var key = vec4f(0.0);
      var value = vec4f(0.0);
      if (row < params.keys) {
        key = k[kBase + row * params.kStride + e % D4];
        value = v[vBase + row * params.vStride + e % D4];
      }
      kTile[(e / D4) * PITCH + e % D4] = key;
      vTile[(e / D4) * PITCH + e % D4] = value;
    }
    workgroupBarrier();
#for r 0 ${OTHER/8}
    var s${r} = vec4f(0.0);
    var dp${r} = vec4f(0.0);
#end
    for (var d = 0u; d < D4; d++) {
#for i 0 4
      let q${i} = qTile[(y + ${i}u * GROUPS) * PITCH + d];
      let g${i} = dOTile[(y + ${i}u * GROUPS) * PITCH + d];
#end
#for r 0 ${OTHER/8}
      let k${r} = kTile[(x + ${r * 8}u) * PITCH + d];
      let v${r} = vTile[(x + ${r * 8}u) * PITCH + d];
      s${r} += vec4f(dot(q0, k${r}), dot(q1, k${r}), dot(q2, k${r}), dot(q3, k${r}));
      dp${r} += vec4f(dot(g0, v${r}), dot(g1, v${r}), dot(g2, v${r}), dot(g3, v${r}));
#end
    }
    // Keys past the end are rows of zeros: whatever their weight, they add nothing.
#for r 0 ${OTHER/8}
#if CAUSAL
    s${r} = select(s${r}, vec4f(NEVER), vec4u(j + x + ${r * 8}u) > ownRows(mine.row + y));
#endif
    weights[(x + ${r * 8}u) * GROUPS + y] = min(exp2(s${r} - lses), vec4f(1.0)) * (dp${r} - deltas);
#end
    workgroupBarrier();
    for (var r = 0u; r < OTHER; r++) {
      let ds = weights[r * GROUPS + y];
#for c 0 ${(D4+7)/8}
      let k${c} = kTile[r * PITCH + min(x + ${c * 8}u, D4)];
#for i 0 4
      dq${i}_${c} = fma(vec4f(ds[${i}]), k${c}, dq${i}_${c});
#end
#end
    }
    workgroupBarrier();
  }
#for i 0 4
  if (row${i} < params.queries) {
#for c 0 ${(D4+7)/8}
    if (x + ${c * 8}u < D4) {
      dq[qBase + row${i} * params.qStride + x + ${c * 8}u] = params.scale * dq${i}_${c};
    }
#end
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

var<workgroup> kTile: array<vec4f, ${OWN * (D4 + 1)}>;
var<workgroup> vTile: array<vec4f, ${OWN * (D4 + 1)}>;
var<workgroup> qTile: array<vec4f, ${OTHER * (D4 + 1)}>;
var<workgroup> dOTile: array<vec4f, ${OTHER * (D4 + 1)}>;
var<workgroup> weights: array<vec4f, ${OTHER * OWN / 4}>;
var<workgroup> slopes: array<vec4f, ${OTHER * OWN / 4}>;

@compute @workgroup_size(8, ${OWN/4})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let mine = place(group, grid, params.keys);
  if (mine.batch >= params.batch) { return; }
  let x = local.x;
  let y = local.y;
  let column = mine.head * D4;
  let qBase = mine.batch * params.queries * params.qStride + params.qOffset + column;
  let kBase = mine.batch * params.keys * params.kStride + params.kOffset + column;
  let vBase = mine.batch * params.keys * params.vStride + params.vOffset + column;
  let oBase = mine.batch * params.queries * params.heads * D4 + column;
  let rowBase = (mine.batch * params.heads + mine.head) * params.queries;
  for (var e = lane; e < OWN * D4; e += THREADS) {
    let row = mine.row + e / D4;
    var key = vec4f(0.0);
    var value = vec4f(0.0);
    if (row < params.keys) {
      key = k[kBase + row * params.kStride + e % D4] * (params.scale * LOG2E);
      value = v[vBase + row * params.vStride + e % D4];
    }
    kTile[(e / D4) * PITCH + e % D4] = key;
    vTile[(e / D4) * PITCH + e % D4] = value;
  }
#for c 0 ${(D4+7)/8}
#for i 0 4
  var dk${i}_${c} = vec4f(0.0);
  var dv${i}_${c} = vec4f(0.0);
#end
#end
  for (var j = 0u; j < params.queries; j += OTHER) {
    for (var e = lane; e < OTHER * D4; e += THREADS) {
      let row = j + e / D4;
      var value = vec4f(0.0);
      var gradient = vec4f(0.0);
      if (row < params.queries) {
        value = q[qBase + row * params.qStride + e % D4];
        gradient = dO[oBase + row * params.heads * D4 + e % D4];
      }
      qTile[(e / D4) * PITCH + e % D4] = value;
      dOTile[(e / D4) * PITCH + e % D4] = gradient;
    }
    workgroupBarrier();
#for r 0 ${OTHER/8}
    var s${r} = vec4f(0.0);
    var dp${r} = vec4f(0.0);
#end
    for (var d = 0u; d < D4; d++) {
#for i 0 4
      let k${i} = kTile[(y + ${i}u * GROUPS) * PITCH + d];
      let v${i} = vTile[(y + ${i}u * GROUPS) * PITCH + d];
#end
#for r 0 ${OTHER/8}
      let q${r} = qTile[(x + ${r * 8}u) * PITCH + d];
      let g${r} = dOTile[(x + ${r * 8}u) * PITCH + d];
      s${r} += vec4f(dot(k0, q${r}), dot(k1, q${r}), dot(k2, q${r}), dot(k3, q${r}));
      dp${r} += vec4f(dot(v0, g${r}), dot(v1, g${r}), dot(v2, g${r}), dot(v3, g${r}));
#end
    }
    // Queries past the end are rows of zeros, and so is their dO: whatever their weight, they add nothing.
#for r 0 ${OTHER/8}
    let at${r} = rowBase + min(j + x + ${r * 8}u, params.queries - 1u);
#if CAUSAL
    s${r} = select(s${r}, vec4f(NEVER), vec4u(j + x + ${r * 8}u) < ownRows(mine.row + y));
#endif
    let p${r} = min(exp2(s${r} - lse[at${r}]), vec4f(1.0));
    weights[(x + ${r * 8}u) * GROUPS + y] = p${r};
    slopes[(x + ${r * 8}u) * GROUPS + y] = p${r} * (dp${r} - delta[at${r}]);
#end
    workgroupBarrier();
    for (var r = 0u; r < OTHER; r++) {
      let p = weights[r * GROUPS + y];
      let ds = slopes[r * GROUPS + y];
#for c 0 ${(D4+7)/8}
      let q${c} = qTile[r * PITCH + min(x + ${c * 8}u, D4)];
      let g${c} = dOTile[r * PITCH + min(x + ${c * 8}u, D4)];
#for i 0 4
      dk${i}_${c} = fma(vec4f(ds[${i}]), q${c}, dk${i}_${c});
      dv${i}_${c} = fma(vec4f(p[${i}]), g${c}, dv${i}_${c});
#end
#end
    }
    workgroupBarrier();
  }
#for i 0 4
  let row${i} = mine.row + y + ${i}u * GROUPS;
  if (row${i} < params.keys) {
#for c 0 ${(D4+7)/8}
    if (x + ${c * 8}u < D4) {
      dk[kBase + row${i} * params.kStride + x + ${c * 8}u] = params.scale * dk${i}_${c};
#if FUSED
      dk[vBase + row${i} * params.vStride + x + ${c * 8}u] = dv${i}_${c};
#else
      dv[vBase + row${i} * params.vStride + x + ${c * 8}u] = dv${i}_${c};
#endif
    }
#end
  }
#end
}
