// Product of every row with one query. LANES invocations share a row: eight, so that a row is read 128 bytes at a time (GPUs),
// or one where barriers are dear (software adapters). ITEM is vec4f when the width allows.
struct Params { rows: u32, items: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<${ITEM}>;
@group(0) @binding(2) var<storage, read> query: array<${ITEM}>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn add(v: ${ITEM}) -> f32 {
#if WIDE
  return (v.x + v.y) + (v.z + v.w);
#else
  return v;
#endif
}

const LANES = ${LANES}u;
#if PARALLEL
var<workgroup> share: array<f32, 64>;
#endif

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) t: u32) {
  let row = (group.x + group.y * grid.x) * (64u / LANES) + t / LANES;
  var total = ${ITEM}(0);
  if (row < params.rows) {
    let first = row * params.items;
    for (var i = t % LANES; i < params.items; i += LANES) { total += x[first + i] * query[i]; }
  }
#if PARALLEL
  share[t] = add(total);
  for (var width = LANES / 2u; width > 0u; width /= 2u) {
    workgroupBarrier();
    if (t % LANES < width) { share[t] += share[t + width]; }
  }
  if (t % LANES == 0u && row < params.rows) { y[row] = share[t]; }
#else
  if (row < params.rows) { y[row] = add(total); }
#endif
}
