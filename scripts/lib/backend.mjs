/**
 * `--backend auto|cpu|webgpu` of a command, as the engine takes it; stops the process at anything else. Left out, a real GPU
 * computes where there is one (FAMILIAR_ADAPTER=gpu), else the processor.
 * @param {Record<string, string | true>} options
 * @returns {'auto' | 'cpu' | 'gpu'}
 */
export function wantedBackend({ backend = 'auto' }) {
  if (!['auto', 'cpu', 'webgpu'].includes(backend)) {
    console.error(`--backend is auto, cpu or webgpu, not ${backend}.`);
    process.exit(2);
  }
  return backend === 'webgpu' ? 'gpu' : backend;
}
