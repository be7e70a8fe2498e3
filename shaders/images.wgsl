// Moving pixels of images [N, H, W, C], vec4s of channels; one invocation a vec4 of the output.

fn index(gid: vec3u, grid: vec3u) -> u32 {
  return gid.x + gid.y * grid.x * 64u;
}

#part pad
// y [N, outHeight, outWidth, C]: pixel (y, x) of the input at (top + dilation · y, left + dilation · x), zero elsewhere
struct Params {
  count: u32, channels: u32, height: u32, width: u32, outHeight: u32, outWidth: u32,
  top: i32, left: i32, dilation: i32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i >= params.count) { return; }
  let pixel = i / params.channels;
  let across = i32(pixel % params.outWidth) - params.left;
  let down = i32(pixel / params.outWidth % params.outHeight) - params.top;
  let image = pixel / (params.outWidth * params.outHeight);
  let column = across / params.dilation;
  let row = down / params.dilation;
  let inside = across >= 0 && down >= 0 && across % params.dilation == 0 && down % params.dilation == 0
    && column < i32(params.width) && row < i32(params.height);
  var value = vec4f();
  if (inside) {
    value = x[((image * params.height + u32(row)) * params.width + u32(column)) * params.channels + i % params.channels];
  }
  y[i] = value;
}

#part enlarge
// y [N, 2H, 2W, C]: each pixel four times
struct Params { count: u32, channels: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i >= params.count) { return; }
  let pixel = i / params.channels;
  let column = pixel % (2u * params.width) / 2u;
  // Rows of all images count through, and every image has an even number of them.
  let row = pixel / (2u * params.width) / 2u;
  y[i] = x[(row * params.width + column) * params.channels + i % params.channels];
}

#part shrink
// dx [N, H, W, C]: the sum of the four copies
struct Params { count: u32, channels: u32, height: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> dx: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i >= params.count) { return; }
  let pixel = i / params.channels;
  let column = pixel % params.width;
  let row = pixel / params.width;
  let first = (row * 4u * params.width + column * 2u) * params.channels + i % params.channels;
  let below = first + 2u * params.width * params.channels;
  dx[i] = dy[first] + dy[first + params.channels] + dy[below] + dy[below + params.channels];
}

#part addPerImage
// y[n, p, c] = x[n, p, c] + t[n, c]
struct Params { count: u32, channels: u32, perImage: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4f>;
@group(0) @binding(2) var<storage, read> t: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let i = index(gid, grid);
  if (i >= params.count) { return; }
  y[i] = x[i] + t[i / params.perImage * params.channels + i % params.channels];
}
