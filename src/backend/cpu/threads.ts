import { EPOCH, QUIT } from '../../../kernels/command.ts';
import { ThreadsError } from './errors.ts';
import type { ThreadStart } from './thread.worker.ts';

/** Milliseconds that threads have to start. */
const START_MS = 10_000;

/** Helping threads: they sleep on a futex until there is a slice of work. */
export interface Threads {
  count: number;
  /** Resolves with the reason when a thread dies. */
  failed: Promise<string>;
  /** Wake them up to leave, then end them. */
  stop(): void;
}

/** A worker of the browser or of Node, as far as it is needed here. */
interface Thread {
  post(start: ThreadStart): void;
  onReady(listener: () => void): void;
  onFailure(listener: (reason: string) => void): void;
  terminate(): void;
}

/**
 * Start helping threads over one shared memory.
 * @throws ThreadsError when they do not start; none is left running then
 */
export async function startThreads(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  scratches: readonly number[],
): Promise<Threads> {
  const threads: Thread[] = [];
  let fail: (reason: string) => void = () => {};
  const failed = new Promise<string>((resolve) => {
    fail = resolve;
  });
  const terminate = (): void => {
    for (const thread of threads) thread.terminate();
  };
  try {
    const make = await threadMaker();
    const ready = scratches.map(
      (scratch) =>
        new Promise<void>((resolve, reject) => {
          const thread = make();
          threads.push(thread);
          thread.onReady(resolve);
          thread.onFailure((reason) => {
            reject(new ThreadsError(reason));
            fail(reason);
          });
          thread.post({ module, memory, scratch });
        }),
    );
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ThreadsError('they did not answer')), START_MS);
    });
    await Promise.race([Promise.all(ready), late]).finally(() => clearTimeout(timer));
  } catch (error) {
    terminate();
    throw new ThreadsError(`Threads did not start: ${(error as Error).message}`);
  }
  return {
    count: threads.length,
    failed,
    stop: () => {
      const words = new Int32Array(memory.buffer);
      Atomics.store(words, QUIT / 4, 1);
      Atomics.add(words, EPOCH / 4, 1);
      Atomics.notify(words, EPOCH / 4);
      terminate();
    },
  };
}

async function threadMaker(): Promise<() => Thread> {
  return typeof Worker === 'undefined' ? nodeThreads() : browserThread;
}

function browserThread(): Thread {
  const worker = new Worker(new URL('./thread.worker.ts', import.meta.url), {
    type: 'module',
    name: 'kernels',
  });
  return {
    post: (start) => worker.postMessage(start),
    onReady: (listener) => worker.addEventListener('message', listener, { once: true }),
    onFailure: (listener) =>
      worker.addEventListener('error', (event) =>
        listener((event as ErrorEvent).message || 'a worker could not be loaded'),
      ),
    terminate: () => worker.terminate(),
  };
}

/** In Node a thread is a few lines of plain JavaScript, because its workers do not read TypeScript. */
const NODE_THREAD = `
const { parentPort } = require('node:worker_threads');
parentPort.once('message', ({ module, memory, scratch }) => {
  const host = { now: () => performance.now() };
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, host });
  exports.start(scratch, 1);
  parentPort.postMessage('ready');
  exports.serve();
  process.exit();
});`;

async function nodeThreads(): Promise<() => Thread> {
  // Named by a variable: a bundler for the browser must not look for it.
  const name = 'node:worker_threads';
  const { Worker: NodeWorker } = (await import(
    /* @vite-ignore */ name
  )) as typeof import('node:worker_threads');
  return () => {
    const worker = new NodeWorker(NODE_THREAD, { eval: true });
    worker.unref();
    return {
      post: (start) => worker.postMessage(start),
      onReady: (listener) => worker.once('message', listener),
      onFailure: (listener) => worker.once('error', (error: Error) => listener(error.message)),
      terminate: () => void worker.terminate(),
    };
  };
}
