// Patches as rows: y[(b, i, j), (c, u, v)] = x[b, c, i·p + u, j·p + v]. One invocation copies one line of a patch.
struct Params { count: u32, channels: u32, height: u32, width: u32, side: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let index = gid.x + gid.y * grid.x * 64u;
  if (index >= params.count) { return; }
  let p = params.side;
  let u = index % p;
  let c = (index / p) % params.channels;
  let patchIndex = index / (p * params.channels);
  let columns = params.width / p;
  let rows = params.height / p;
  let j = patchIndex % columns;
  let i = (patchIndex / columns) % rows;
  let b = patchIndex / (columns * rows);
  let source = ((b * params.channels + c) * params.height + i * p + u) * params.width + j * p;
  for (var v = 0u; v < p; v++) { y[index * p + v] = x[source + v]; }
}
