import { createCpuBackend } from '../../../backend/cpu/create.ts';
import { Context } from '../../../tensor/context.ts';

/**
 * Run `body` on a processor backend of its own, which is gone afterwards.
 * @param threads as many as the machine has cores when left out
 * @throws Error when there are fewer threads than asked for, with the reason
 */
export async function onCpu<T>(
  threads: number | undefined,
  body: (context: Context) => Promise<T>,
): Promise<T> {
  const { backend, notes } = await createCpuBackend({ threads });
  const context = new Context(backend);
  try {
    if (threads !== undefined && backend.threads !== threads)
      throw new Error(`${backend.threads} instead of ${threads} threads. ${notes.join(' ')}`);
    return await body(context);
  } finally {
    context.destroy();
  }
}
