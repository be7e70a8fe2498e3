/**
 * total [1] = sum of f64 numbers, in their order.
 * Arguments: parts, their count, total.
 */
export function total(args: usize): void {
  let at = load<usize>(args);
  const end = at + (load<usize>(args, 4) << 3);
  let sum: f64 = 0;
  while (at < end) {
    sum += load<f64>(at);
    at += 8;
  }
  store<f32>(load<usize>(args, 8), <f32>sum);
}
