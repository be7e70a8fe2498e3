import { instantiateKernels } from './module.ts';

/** What a helping thread starts with. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  scratch: number;
}

// Stays in `serve` until the backend is destroyed.
globalThis.onmessage = ({ data }: MessageEvent<ThreadStart>) => {
  const kernels = instantiateKernels(data.module, data.memory);
  kernels.start(data.scratch, true);
  globalThis.postMessage('ready');
  kernels.serve();
  globalThis.close();
};
