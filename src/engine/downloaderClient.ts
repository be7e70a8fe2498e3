import * as Comlink from 'comlink';
import type { Downloader } from './downloader.worker.ts';

/** A download that is under way. */
export interface ModelDownload {
  /** Resolves when the model is in the cache. */
  done: Promise<void>;
  /** Stop; what has arrived is kept, and the next download goes on from there. */
  cancel(): void;
}

/** Download a checkpoint in a worker of its own. */
export function downloadInWorker(
  id: string,
  endpoint: string,
  onProgress: (done: number, total: number) => void,
): ModelDownload {
  const worker = new Worker(new URL('./downloader.worker.ts', import.meta.url), {
    type: 'module',
    name: 'downloader',
  });
  const remote = Comlink.wrap<Downloader>(worker);
  let cancel = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancel = () => reject(new DOMException('The download was cancelled.', 'AbortError'));
  });
  const done = Promise.race([remote.download(id, endpoint, Comlink.proxy(onProgress)), cancelled]).finally(
    () => worker.terminate(),
  );
  return { done, cancel };
}
