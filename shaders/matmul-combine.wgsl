// Sum of the partial products of a matrix product split along K, with its epilogue:
// y = alpha · Σ_s partial[s] + bias + addend (+ y), over `count` items (vec4 or f32), `columns` items a row.
struct Params { count: u32, columns: u32, splits: u32, alpha: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> partial: array<${ITEM}>;
@group(0) @binding(2) var<storage, read_write> y: array<${ITEM}>;
#if BIAS
@group(0) @binding(3) var<storage, read> bias: array<${ITEM}>;
#endif
#if ADDEND
@group(0) @binding(${3 + BIAS}) var<storage, read> addend: array<${ITEM}>;
#endif

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  var total = ${ITEM}();
  for (var s = 0u; s < params.splits; s++) { total += partial[s * params.count + i]; }
  total *= params.alpha;
#if BIAS
  total += bias[i % params.columns];
#endif
#if ADDEND
  total += addend[i];
#endif
#if ACCUMULATE
  total += y[i];
#endif
  y[i] = total;
}
