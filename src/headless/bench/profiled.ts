import type { KernelTime } from '../../backend/backend.ts';
import type { Context } from '../../tensor/context.ts';

/** Time of each family of kernels in one run of `body`, the longest first; none where the backend cannot measure. */
export async function profiled(context: Context, body: () => void): Promise<KernelTime[]> {
  const stop = context.backend.profile();
  if (!stop) return [];
  body();
  return stop();
}
