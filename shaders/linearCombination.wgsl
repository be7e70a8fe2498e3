// y = Σ_i factor_i · x_i over COUNT tensors of one size
struct Params {
  count: u32,
#for i 0 ${COUNT}
  factor${i}: f32,
#end
}
@group(0) @binding(0) var<uniform> params: Params;
#for i 0 ${COUNT}
@group(0) @binding(${i + 1}) var<storage, read> x${i}: array<vec4f>;
#end
@group(0) @binding(${COUNT + 1}) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = gid.x + gid.y * grid.x * 64u;
  if (i >= params.count) { return; }
  var sum = vec4f();
#for i 0 ${COUNT}
  sum += params.factor${i} * x${i}[i];
#end
  y[i] = sum;
}
