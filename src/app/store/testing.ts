import type { ComputeStatus } from '../../engine/protocol.ts';

/** A device as the engine tells of it, for tests: a GPU, or a processor of a speed. */
export function computeStatus(name: string, processor?: { gflops: number }): ComputeStatus {
  const way = processor ? 'cpu' : 'gpu';
  return {
    kind: processor ? 'cpu' : 'webgpu',
    device: { vendor: name, architecture: 'a', description: 'd', features: [] },
    traits: { maxBytes: 2 ** 31, onCpu: processor !== undefined },
    notes: [],
    choice: { preference: 'auto', way, ways: { gpu: {}, cpu: {}, [way]: { name, ...processor } } },
  };
}
