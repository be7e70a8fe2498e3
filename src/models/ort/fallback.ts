import type { OrtModel } from './runtime.ts';

/**
 * A model that runs where it can: on the first of the given places whose session opens and whose first run gives finite
 * numbers. After that run the choice stands, and the others are never opened.
 * @param places ways to open the same network, the preferred one first; the last one's errors are thrown
 * @param onFallback told of each place that failed
 */
export async function openWhereItRuns(
  places: readonly (() => Promise<OrtModel>)[],
  onFallback: (error: Error) => void,
): Promise<OrtModel> {
  let next = 0;
  let chosen = false;
  const openNext = async (): Promise<OrtModel> => {
    for (;;) {
      const last = next === places.length - 1;
      try {
        return await places[next++]!();
      } catch (error) {
        if (last) throw error;
        onFallback(error as Error);
      }
    }
  };
  let model = await openNext();
  return {
    run: async (input) => {
      while (!chosen) {
        const last = next === places.length;
        try {
          const output = await model.run(input);
          if (!last && !output.values.every(Number.isFinite)) throw new Error('the output is not finite');
          chosen = true;
          return output;
        } catch (error) {
          if (last) throw error;
          onFallback(error as Error);
          await model.release().catch(() => {});
          model = await openNext();
        }
      }
      return model.run(input);
    },
    release: () => model.release(),
  };
}
