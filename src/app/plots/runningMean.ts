/** Mean of each value and the ones before it, at most `width` in all: a curve whose noise hides where it goes. */
export function runningMean(values: readonly number[], width: number): number[] {
  let sum = 0;
  return values.map((value, i) => {
    sum += value - (i >= width ? values[i - width]! : 0);
    return sum / Math.min(i + 1, width);
  });
}
