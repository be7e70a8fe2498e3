// Streaming attention for GPUs, after FlashAttention-2 (Dao, arXiv 2307.08691): a workgroup owns OWN rows of one head and
// walks over the other side in tiles of OTHER rows, staged in workgroup memory. Invocation (x, y) of 8 × OWN/4 computes
// weights of rows y, y + OWN/4, … (four) against rows x, x + 8, … of the tile, and of its four rows the columns
// x, x + 8, … in vec4s. Tile rows are padded by one vec4 against bank conflicts; rows past the end are zeros.
//
// Layout, base-2 scores and CAUSAL as in attention.wgsl.
struct Params {
  batch: u32, heads: u32, queries: u32, keys: u32,
  qStride: u32, qOffset: u32, kStride: u32, kOffset: u32, vStride: u32, vOffset: u32,
  scale: f32, first: u32,
}
@group(0) @binding(0) var<uniform> params: Params;

const LOG2E = 1.4426950408889634;
const NEVER = -3.0e38;
const D4 = ${D4}u;
const PITCH = ${D4 + 1}u;
const OWN = ${OWN}u;
const OTHER = ${OTHER}u;
const GROUPS = ${OWN/4}u;
const THREADS = ${OWN * 2}u;

struct Place { batch: u32, head: u32, row: u32 }

fn place(group: vec3u, grid: vec3u, length: u32) -> Place {
  let blocks = (length + OWN - 1u) / OWN;
  let index = params.first + group.x + group.y * grid.x;
  let pair = index / blocks;
  return Place(pair / params.heads, pair % params.heads, (index % blocks) * OWN);
}

/// The four rows of an invocation, from its first.
fn ownRows(first: u32) -> vec4u {
  return vec4u(first) + vec4u(0u, GROUPS, 2u * GROUPS, 3u * GROUPS);
}

#part forward
@group(0) @binding(1) var<storage, read> q: array<vec4f>;
@group(0) @binding(2) var<storage, read> k: array<vec4f>;
@group(0) @binding(3) var<storage, read> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> lse: array<f32>;

var<workgroup> qTile: array<vec4f, ${OWN * (D4 + 1)}>;
// keys, then values
var<workgroup> tile: array<vec4f, ${OTHER * (D4 + 1)}>;
// weights of one row of the tile against the four rows of each y
var<workgroup> weights: array<vec4f, ${OTHER * OWN / 4}>;
var<workgroup> shares: array<vec4f, ${OWN * 2}>;

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
  for (var e = lane; e < OWN * D4; e += THREADS) {
    let row = mine.row + e / D4;
    var value = vec4f(0.0);
    if (row < params.queries) { value = q[qBase + row * params.qStride + e % D4] * (params.scale * LOG2E); }
    qTile[(e / D4) * PITCH + e % D4] = value;
  }
  var top = vec4f(NEVER);
  var sum = vec4f(0.0);
#for c 0 ${(D4+7)/8}
#for i 0 4
  var o${i}_${c} = vec4f(0.0);
#end
#end
  for (var j = 0u; j < params.keys; j += OTHER) {
    for (var e = lane; e < OTHER * D4; e += THREADS) {
      let row = j + e / D4;
      var value = vec4f(0.0);
      if (row < params.keys) { value = k[kBase + row * params.kStride + e % D4]; }
      tile[(e / D4) * PITCH + e % D4] = value;
    }
    workgroupBarrier();
#for r 0 ${OTHER/8}
    var s${r} = vec4f(0.0);
#end
    for (var d = 0u; d < D4; d++) {
#for i 0 4
      let q${i} = qTile[(y + ${i}u * GROUPS) * PITCH + d];
#end
#for r 0 ${OTHER/8}
      let k${r} = tile[(x + ${r * 8}u) * PITCH + d];
      s${r} += vec4f(dot(q0, k${r}), dot(q1, k${r}), dot(q2, k${r}), dot(q3, k${r}));
#end
    }
    var most = vec4f(NEVER);
#for r 0 ${OTHER/8}
    if (j + x + ${r * 8}u >= params.keys) { s${r} = vec4f(NEVER); }
#if CAUSAL
    s${r} = select(s${r}, vec4f(NEVER), vec4u(j + x + ${r * 8}u) > ownRows(mine.row + y));
#endif
    most = max(most, s${r});
#end
    shares[y * 8u + x] = most;
    workgroupBarrier();
    var next = top;
#for t 0 8
    next = max(next, shares[y * 8u + ${t}u]);
#end
    let shrink = exp2(top - next);
    top = next;
    sum *= shrink;
#for r 0 ${OTHER/8}
    let p${r} = exp2(s${r} - top);
    sum += p${r};
    weights[(x + ${r * 8}u) * GROUPS + y] = p${r};
#end
#for c 0 ${(D4+7)/8}
#for i 0 4
    o${i}_${c} *= shrink[${i}];
#end
#end
    for (var e = lane; e < OTHER * D4; e += THREADS) {
      let row = j + e / D4;
      var value = vec4f(0.0);
      if (row < params.keys) { value = v[vBase + row * params.vStride + e % D4]; }
      tile[(e / D4) * PITCH + e % D4] = value;
    }
    workgroupBarrier();
    for (var r = 0u; r < OTHER; r++) {
      let p = weights[r * GROUPS + y];
#for c 0 ${(D4+7)/8}
      let v${c} = tile[r * PITCH + min(x + ${c * 8}u, D4)];
#for i 0 4
      o${i}_${c} = fma(vec4f(p[${i}]), v${c}, o${i}_${c});
#end
#end
    }
    workgroupBarrier();
  }
  shares[y * 8u + x] = sum;
  workgroupBarrier();
  sum = vec4f(0.0);
#for t 0 8
  sum += shares[y * 8u + ${t}u];
#end
#for i 0 4
  if (mine.row + y + ${i}u * GROUPS < params.queries) {
    let row = mine.row + y + ${i}u * GROUPS;
    let at = ((mine.batch * params.queries + row) * params.heads + mine.head) * D4;
#for c 0 ${(D4+7)/8}
    if (x + ${c * 8}u < D4) { o[at + x + ${c * 8}u] = o${i}_${c} / sum[${i}]; }
#end
    if (x == 0u) {
      lse[(mine.batch * params.heads + mine.head) * params.queries + row] = top[${i}] + log2(sum[${i}]);
    }
  }
#end

}

