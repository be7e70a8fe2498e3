import * as Comlink from 'comlink';
import { downloadModel } from '../models/weights/hub/download.ts';

/**
 * Downloads checkpoints into the browser's cache. The only script that may connect to another host: the server sends it a
 * content security policy of its own, and it is started only when the user asks for a download.
 */
const downloader = {
  /** Resolves when every byte is there; what had arrived before an abort or an error is kept for the next time. */
  async download(
    id: string,
    endpoint: string,
    onProgress: (done: number, total: number) => void,
  ): Promise<void> {
    await downloadModel(id, { endpoint, onProgress: (done, total) => onProgress(done, total) });
  },
};

/** What the page calls. */
export type Downloader = typeof downloader;

Comlink.expose(downloader);
