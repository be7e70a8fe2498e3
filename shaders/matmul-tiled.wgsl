// Matrix product for real GPUs: a workgroup computes a BM × BN tile of C from BK-deep slices of A and B in workgroup
// memory, an invocation 4·RM rows × 4·CN columns of it in registers. The next slice is fetched into registers while the
// present one is used. Slices lie [k][m] and [k][n] as vec4 along m and n; operands that are contiguous along k are
// turned in registers, 4×4 at a time. With HALF, B is f16. Bounds are checked at every fetch, so any M, N, K will do.
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
@group(0) @binding(1) var<storage, read> a: array<${A_ITEM}>;
@group(0) @binding(2) var<storage, read> b: array<${B_ITEM}>;
@group(0) @binding(3) var<storage, read_write> c: array<${C_ITEM}>;
#if BIAS
@group(0) @binding(4) var<storage, read> bias: array<vec4f>;
#endif
#if ADDEND
@group(0) @binding(${4 + BIAS}) var<storage, read> addend: array<${C_ITEM}>;
#endif

var<workgroup> sliceA: array<vec4f, ${BK * BM / 4}>;
var<workgroup> sliceB: array<vec4f, ${BK * BN / 4}>;

/// Four consecutive elements of A from storage position (row, column), zero outside rows × columns.
fn readA(base: u32, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
#if WINDOWS
  let at = windowOffset(row) + tapOffset(column);
#else
  let at = base + row * params.lda + column;
#endif
#if A_VECTOR
  return select(vec4f(), a[at / 4u], row < rows && column < columns);
#else
  let inside = vec4<bool>(row < rows) & (vec4u(column) + vec4u(0, 1, 2, 3) < vec4u(columns));
  return select(vec4f(), vec4f(a[at], a[at + 1u], a[at + 2u], a[at + 3u]), inside);
#endif
}

/// The same of B.
fn readB(base: u32, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  let at = base + row * params.ldb + column;
#if HALF
  let pair = b[at / 4u];
  let value = vec4f(unpack2x16float(pair.x), unpack2x16float(pair.y));
  return select(vec4f(), value, row < rows && column < columns);
#else
#if B_VECTOR
  return select(vec4f(), b[at / 4u], row < rows && column < columns);
#else
  let inside = vec4<bool>(row < rows) & (vec4u(column) + vec4u(0, 1, 2, 3) < vec4u(columns));
  return select(vec4f(), vec4f(b[at], b[at + 1u], b[at + 2u], b[at + 3u]), inside);
#endif
#endif
}

/// What one invocation holds of a slice between fetch and store: loads of one vec4 each, or of a 4×4 block.
struct HeldA {
#for i 0 ${A_HELD}
  v${i}: vec4f,
#end
}
struct HeldB {
#for i 0 ${B_HELD}
  v${i}: vec4f,
#end
}

/// Block i of a slice that is contiguous along k, as (row, k) in fours: `wide` (8) invocations side by side take
/// neighbouring rows (no bank conflict when they store), the next ones the next four k (whole lines when they load).
fn blockQuad(i: u32, wide: u32) -> vec2u {
  return vec2u(i % wide + i / (wide * ${BK / 4}u) * wide, i / wide % ${BK / 4}u);
}

fn fetchA(t: u32, base: u32, m0: u32, k0: u32) -> HeldA {
  var held: HeldA;
#for i 0 ${A_LOADS}
  {
    let index = t + ${i * THREADS}u;
#if A_PARTIAL
    if (index < ${A_TOTAL}u) {
#else
    {
#endif
#if TRANSPOSE_A
      held.v${i} = readA(base, k0 + index / ${BM / 4}u, m0 + index % ${BM / 4}u * 4u, params.k, params.m);
#else
      let quad = blockQuad(index, ${A_WIDE}u);
#for j 0 4
      held.v${4 * i + j} = readA(base, m0 + quad.x * 4u + ${j}u, k0 + quad.y * 4u, params.m, params.k);
#end
#endif
    }
  }
#end
  return held;
}

fn storeA(t: u32, held: HeldA) {
#for i 0 ${A_LOADS}
  {
    let index = t + ${i * THREADS}u;
#if A_PARTIAL
    if (index < ${A_TOTAL}u) {
#else
    {
#endif
#if TRANSPOSE_A
      sliceA[index] = held.v${i};
#else
      let quad = blockQuad(index, ${A_WIDE}u);
      let at = quad.y * ${BM}u + quad.x;
#for j 0 4
      sliceA[at + ${j * BM / 4}u] = vec4f(held.v${4 * i}[${j}], held.v${4 * i + 1}[${j}], held.v${4 * i + 2}[${j}], held.v${4 * i + 3}[${j}]);
#end
#endif
    }
  }
#end
}

fn fetchB(t: u32, base: u32, n0: u32, k0: u32) -> HeldB {
  var held: HeldB;
#for i 0 ${B_LOADS}
  {
    let index = t + ${i * THREADS}u;
#if B_PARTIAL
    if (index < ${B_TOTAL}u) {
#else
    {
#endif
#if TRANSPOSE_B
      let quad = blockQuad(index, ${B_WIDE}u);
#for j 0 4
      held.v${4 * i + j} = readB(base, n0 + quad.x * 4u + ${j}u, k0 + quad.y * 4u, params.n, params.k);
#end
#else
      held.v${i} = readB(base, k0 + index / ${BN / 4}u, n0 + index % ${BN / 4}u * 4u, params.k, params.n);
#endif
    }
  }
#end
  return held;
}

fn storeB(t: u32, held: HeldB) {
#for i 0 ${B_LOADS}
  {
    let index = t + ${i * THREADS}u;
#if B_PARTIAL
    if (index < ${B_TOTAL}u) {
#else
    {
#endif
#if TRANSPOSE_B
      let quad = blockQuad(index, ${B_WIDE}u);
      let at = quad.y * ${BN}u + quad.x;
#for j 0 4
      sliceB[at + ${j * BN / 4}u] = vec4f(held.v${4 * i}[${j}], held.v${4 * i + 1}[${j}], held.v${4 * i + 2}[${j}], held.v${4 * i + 3}[${j}]);
#end
#else
      sliceB[index] = held.v${i};
#endif
    }
  }
#end
}

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u, @builtin(local_invocation_index) t: u32) {
  let index = group.x + group.y * grid.x;
  if (index >= params.blocks) { return; }
  let m0 = (index / params.columnBlocks) % params.rowBlocks * ${BM}u;
  let n0 = index % params.columnBlocks * ${BN}u;
  let plane = index / (params.columnBlocks * params.rowBlocks);
  let batch = plane % params.batch;
  let aBase = batch * params.strideA;
  let bBase = batch * params.strideB;
  let kFrom = plane / params.batch * params.kPerSplit;
  let kTo = min(kFrom + params.kPerSplit, params.k);
  // 32 neighbouring invocations cover LX × 32/LX of the tile, so that they share what they read of both slices.
  let tx = t % ${LX}u + t / 32u % ${TX / LX}u * ${LX}u;
  let ty = t / ${LX}u % ${32 / LX}u + t / ${32 * TX / LX}u * ${32 / LX}u;
  // Whoever loads little of A when a slice has less blocks than invocations loads B.
  let tb = ${THREADS - 1}u - t;
#for r 0 ${4*RM}
#for j 0 ${CN}
  var acc${r}_${j} = vec4f();
#end
#end
  var heldA = fetchA(t, aBase, m0, kFrom);
  var heldB = fetchB(tb, bBase, n0, kFrom);
  for (var k0 = kFrom; k0 < kTo; k0 += ${BK}u) {
    storeA(t, heldA);
    storeB(tb, heldB);
    workgroupBarrier();
    if (k0 + ${BK}u < kTo) {
      heldA = fetchA(t, aBase, m0, k0 + ${BK}u);
      heldB = fetchB(tb, bBase, n0, k0 + ${BK}u);
    }
    for (var k = 0u; k < ${BK}u; k += ${UNROLL}u) {
#for u 0 ${UNROLL}
      {
#for q 0 ${RM}
        let x${q} = sliceA[(k + ${u}u) * ${BM / 4}u + ${q * BM / 4 / RM}u + ty];
#end
#for j 0 ${CN}
        let y${j} = sliceB[(k + ${u}u) * ${BN / 4}u + ${j * TX}u + tx];
#for r 0 ${4*RM}
        acc${r}_${j} = fma(vec4f(x${r / 4}[${r % 4}]), y${j}, acc${r}_${j});
#end
#end
      }
#end
    }
    workgroupBarrier();
  }
  let cBase = plane * params.strideC;
#for j 0 ${CN}
  let column${j} = n0 + (${j * TX}u + tx) * 4u;
#end
#for r 0 ${4*RM}
  {
    let row = m0 + ${r / 4 * BM / RM + r % 4}u + ty * 4u;
    if (row < params.m) {
      let start = cBase + row * params.ldc;
#for j 0 ${CN}
      if (column${j} < params.n) {
        let at = start + column${j};
        var value = params.alpha * acc${r}_${j};
#if BIAS
        value += bias[column${j} / 4u];
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
#for i 0 4
        if (column${j} + ${i}u < params.n) {
#if ADDEND
          value[${i}] += addend[at + ${i}u];
#endif
#if ACCUMULATE
          value[${i}] += c[at + ${i}u];
#endif
          c[at + ${i}u] = value[${i}];
        }
#end
#endif
      }
#end
    }
  }
#end
}
