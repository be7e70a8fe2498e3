/** Sums up how long each stage lasts, beginning with `loading`. */
export function stageClock(now = () => performance.now()) {
  const begin = now();
  const stages: Record<string, number> = {};
  let [stage, since] = ['loading', begin];
  const enter = (next: string): void => {
    const time = now();
    stages[stage] = (stages[stage] ?? 0) + (time - since) / 1000;
    [stage, since] = [next, time];
  };
  return {
    enter,
    stop: () => {
      enter('');
      return { seconds: (since - begin) / 1000, stages };
    },
  };
}
