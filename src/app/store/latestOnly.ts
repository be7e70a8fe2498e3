/**
 * Wrap an asynchronous task so that one runs at a time and, of the calls made meanwhile, only the last is run after it.
 * The task must deal with its own errors.
 */
export function latestOnly<T>(task: (argument: T) => Promise<void>): (argument: T) => void {
  let running = false;
  let waiting: { argument: T } | undefined;
  const run = async (first: T): Promise<void> => {
    running = true;
    try {
      await task(first);
      for (let next = take(); next; next = take()) await task(next.argument);
    } finally {
      running = false;
    }
  };
  const take = () => {
    const next = waiting;
    waiting = undefined;
    return next;
  };
  return (argument) => {
    if (running) waiting = { argument };
    else void run(argument);
  };
}
