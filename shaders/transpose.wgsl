// Copy matrices [batch, rows, columns] into [batch, outRows, outColumns], transposed when TRANSPOSE, zero-filled beyond
// the source. With HALF, the source is f16. One invocation moves a 4×4 block; sides that are no multiple of four go element by element.
struct Params {
  rows: u32, columns: u32, ld: u32, stride: u32,
  outRows: u32, outColumns: u32, outStride: u32,
  blockRows: u32, blockColumns: u32, blocks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
#if HALF
@group(0) @binding(1) var<storage, read> source: array<vec2u>;
#else
#if SOURCE_VECTOR
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
#else
@group(0) @binding(1) var<storage, read> source: array<f32>;
#endif
#endif
#if TARGET_VECTOR
@group(0) @binding(2) var<storage, read_write> target_: array<vec4f>;
#else
@group(0) @binding(2) var<storage, read_write> target_: array<f32>;
#endif

/// Four elements of the source from (row, column) on, zero outside it.
fn load(base: u32, row: u32, column: u32) -> vec4f {
  var value = vec4f();
  if (row >= params.rows) { return value; }
  let at = base + row * params.ld + column;
#if HALF
  if (column < params.columns) {
    let pair = source[at / 4u];
    value = vec4f(unpack2x16float(pair.x), unpack2x16float(pair.y));
  }
#else
#if SOURCE_VECTOR
  if (column < params.columns) { value = source[at / 4u]; }
#else
#for i 0 4
  if (column + ${i}u < params.columns) { value[${i}] = source[at + ${i}u]; }
#end
#endif
#endif
  return value;
}

fn store(base: u32, row: u32, column: u32, value: vec4f) {
  if (row >= params.outRows) { return; }
  let at = base + row * params.outColumns + column;
#if TARGET_VECTOR
  if (column < params.outColumns) { target_[at / 4u] = value; }
#else
#for i 0 4
  if (column + ${i}u < params.outColumns) { target_[at + ${i}u] = value[${i}]; }
#end
#endif
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  if (index >= params.blocks) { return; }
  // Block position in the target, whose neighbours lie side by side in memory.
  let column = index % params.blockColumns * 4u;
  let row = index / params.blockColumns % params.blockRows * 4u;
  let batch = index / (params.blockColumns * params.blockRows);
  let sourceBase = batch * params.stride;
  let targetBase = batch * params.outStride;
#if TRANSPOSE
  let v0 = load(sourceBase, column, row);
  let v1 = load(sourceBase, column + 1u, row);
  let v2 = load(sourceBase, column + 2u, row);
  let v3 = load(sourceBase, column + 3u, row);
  store(targetBase, row, column, vec4f(v0.x, v1.x, v2.x, v3.x));
  store(targetBase, row + 1u, column, vec4f(v0.y, v1.y, v2.y, v3.y));
  store(targetBase, row + 2u, column, vec4f(v0.z, v1.z, v2.z, v3.z));
  store(targetBase, row + 3u, column, vec4f(v0.w, v1.w, v2.w, v3.w));
#else
#for i 0 4
  store(targetBase, row + ${i}u, column, load(sourceBase, row + ${i}u, column));
#end
#endif
}
