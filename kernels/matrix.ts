export function matrixKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  unreachable();
}
