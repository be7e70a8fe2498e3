import type { GemmProblem } from '../../families/matrix.ts';

/** Equal for products that the same kernel computes with the same numbers of everything: what is prepared is kept by it. */
export function problemKey(problem: GemmProblem): string {
  const { m, n, k, batch, transposeA, transposeB, lda, ldb, ldc, strideA, strideB, strideC } = problem;
  const layout = `${m},${n},${k},${batch},${transposeA},${transposeB},${lda},${ldb},${ldc},${strideA},${strideB},${strideC}`;
  const { windows } = problem;
  if (!windows) return layout;
  const { outWidth, outArea, imageStride, stepDown, step, channels, kernelWidth } = windows;
  const { tapBase, tapDown, tapAcross } = windows;
  return `${layout},${outWidth},${outArea},${imageStride},${stepDown},${step},${channels},${kernelWidth},${tapBase},${tapDown},${tapAcross}`;
}

/** Floating-point operations of a product. */
export function matmulFlops({ m, n, k, batch }: GemmProblem): number {
  return 2 * m * n * k * batch;
}

/** Whether every row of an operand starts at a multiple of four elements, so that it can be read as vec4f. */
export function isAligned(columns: number, ld: number, stride: number): boolean {
  return columns % 4 === 0 && ld % 4 === 0 && stride % 4 === 0;
}
