#if QUAD
enable subgroups;
// Control flow is the same in the four invocations of a quad, though not in all of a workgroup.
diagnostic(off, subgroup_uniformity);
#endif
// Matrix product without workgroup memory, for adapters that run on a CPU: one invocation computes ROWS × 4·COLS
// outputs in named accumulators. B is read row-major along n; A along k, or along m when TRANSPOSE_A.
// With HALF, B is f16. Strides are in elements and multiples of four (the caller pads operands that are not).
// With QUAD, four neighbouring invocations compute the same rows of neighbouring columns, and each loads a quarter of
// what they need of A: loads cost most on SwiftShader.
struct Params {
  m: u32, n: u32, k: u32,
  lda: u32, ldb: u32, ldc: u32,
  strideA: u32, strideB: u32, strideC: u32,
  rowBlocks: u32, columnBlocks: u32, blocks: u32,
  batch: u32, kPerSplit: u32, alpha: f32,
#if WINDOWS
  outWidth: u32, outArea: u32, imageStride: u32, stepDown: u32, step: u32,
  channels: u32, kernelWidth: u32, tapBase: i32, tapDown: i32, tapAcross: i32,
#endif
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
#if HALF
@group(0) @binding(2) var<storage, read> b: array<vec2u>;
#else
@group(0) @binding(2) var<storage, read> b: array<vec4f>;
#endif
#if C_VECTOR
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>;
#else
@group(0) @binding(3) var<storage, read_write> c: array<f32>;
#endif
#if BIAS
@group(0) @binding(4) var<storage, read> bias: array<vec4f>;
#endif
#if ADDEND
#if C_VECTOR
@group(0) @binding(${4 + BIAS}) var<storage, read> addend: array<vec4f>;
#else
@group(0) @binding(${4 + BIAS}) var<storage, read> addend: array<f32>;
#endif
#endif

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) gid: vec3u, @builtin(num_workgroups) grid: vec3u) {
  let linear = gid.x + gid.y * grid.x * ${WORKGROUP}u;
#if QUAD
  let index = linear / 4u;
  let lane = linear % 4u;
#else
  let index = linear;
  let lane = 0u;
#endif
  if (index >= params.blocks) { return; }
  let row = (index / params.columnBlocks) % params.rowBlocks * ${ROWS}u;
  let column = index % params.columnBlocks * ${COLS * STEP}u + lane;
  let plane = index / (params.columnBlocks * params.rowBlocks);
  let batch = plane % params.batch;
  let kFrom = plane / params.batch * params.kPerSplit;
  let kTo = min(kFrom + params.kPerSplit, params.k);
  let aBase = batch * params.strideA / 4u;
  let bBase = batch * params.strideB / 4u;
  let lda = params.lda / 4u;
  let ldb = params.ldb / 4u;
  let lastColumn = (params.n + 3u) / 4u - 1u;
#if TRANSPOSE_A
  let lastRow = (params.m + 3u) / 4u - 1u;
#for q 0 ${ROWS/4}
#if WINDOWS
  let a${q} = tapOffset(min(row / 4u + ${q}u, lastRow) * 4u) / 4u;
#else
  let a${q} = aBase + min(row / 4u + ${q}u, lastRow);
#endif
#end
#else
#for q 0 ${ROWS/STEP}
#if WINDOWS
  let a${q} = windowOffset(min(row + ${q * STEP}u + lane, params.m - 1u)) / 4u;
#else
  let a${q} = aBase + min(row + ${q * STEP}u + lane, params.m - 1u) * lda;
#endif
#end
#endif
#for j 0 ${COLS}
  let b${j} = bBase + min(column + ${j * STEP}u, lastColumn);
#end
#for r 0 ${ROWS}
#for j 0 ${COLS}
  var acc${r}_${j} = vec4f();
#end
#end
  for (var k = kFrom; k < kTo; k += 4u) {
    let k0 = k;
#if K_TAIL
    let last = params.k - 1u;
    let k1 = min(k + 1u, last);
    let k2 = min(k + 2u, last);
    let k3 = min(k + 3u, last);
#else
    let k1 = k + 1u;
    let k2 = k + 2u;
    let k3 = k + 3u;
#endif
#if TRANSPOSE_A
#if QUAD
    let kLane = min(k + lane, params.k - 1u);
#if WINDOWS
    let kAtLane = windowOffset(kLane) / 4u;
#else
    let kAtLane = kLane * lda;
#endif
#else
#for i 0 4
#if WINDOWS
    let kAt${i} = windowOffset(k${i}) / 4u;
#else
    let kAt${i} = k${i} * lda;
#endif
#end
#endif
#else
#if WINDOWS
    let kAt = tapOffset(k) / 4u;
#else
    let kAt = k / 4u;
#endif
#endif
#for j 0 ${COLS}
#for i 0 4
#if HALF
    let h${i}_${j} = b[b${j} + k${i} * ldb];
    let y${i}_${j} = vec4f(unpack2x16float(h${i}_${j}.x), unpack2x16float(h${i}_${j}.y));
#else
    let y${i}_${j} = b[b${j} + k${i} * ldb];
#endif
#end
#end
#for q 0 ${ROWS/4}
    {
#if TRANSPOSE_A
      // Four k of four rows: component r of x0 … x3 belongs to row r.
#if QUAD
#if K_TAIL
      let part = select(vec4f(), a[a${q} + kAtLane], k + lane <= last);
#else
      let part = a[a${q} + kAtLane];
#endif
#for i 0 4
      let x${i} = quadBroadcast(part, ${i}u);
#end
#else
      let x0 = a[a${q} + kAt0];
#for i 1 4
#if K_TAIL
      let x${i} = select(vec4f(), a[a${q} + kAt${i}], k + ${i}u <= last);
#else
      let x${i} = a[a${q} + kAt${i}];
#endif
#end
#endif
#for r 0 4
#for j 0 ${COLS}
      acc${4 * q + r}_${j} += x0[${r}] * y0_${j} + x1[${r}] * y1_${j} + x2[${r}] * y2_${j} + x3[${r}] * y3_${j};
#end
#end
#else
#if QUAD
      let part = a[a${q} + kAt];
#endif
#for r 0 4
#if QUAD
      let x${r} = quadBroadcast(part, ${r}u);
#else
      let x${r} = a[a${4 * q + r} + kAt];
#endif
#for j 0 ${COLS}
      acc${4 * q + r}_${j} += x${r}.x * y0_${j} + x${r}.y * y1_${j} + x${r}.z * y2_${j} + x${r}.w * y3_${j};
#end
#end
#endif
    }
#end
  }
  // What follows the sum is a loop over the rows: written out, its branches would be most of what there is to compile.
  var sums: array<vec4f, ${ROWS * COLS}>;
#for r 0 ${ROWS}
#for j 0 ${COLS}
  sums[${r * COLS + j}] = acc${r}_${j};
#end
#end
  let cBase = plane * params.strideC;
  let rows = min(${ROWS}u, params.m - row);
  for (var r = 0u; r < rows; r++) {
    let start = cBase + (row + r) * params.ldc;
    for (var j = 0u; j < ${COLS}u; j++) {
      let x = column + j * ${STEP}u;
      if (x > lastColumn) { break; }
      let at = start + x * 4u;
      var value = params.alpha * sums[r * ${COLS}u + j];
#if BIAS
      value += bias[x];
#endif
#if C_VECTOR
#if ADDEND
      value += addend[at / 4u];
#endif
#if ACCUMULATE
      value += c[at / 4u];
#endif
      c[at / 4u] = value;
#else
      for (var i = 0u; i < min(4u, params.n - x * 4u); i++) {
        var entry = value[i];
#if ADDEND
        entry += addend[at + i];
#endif
#if ACCUMULATE
        entry += c[at + i];
#endif
        c[at + i] = entry;
      }
#endif
    }
  }
}
