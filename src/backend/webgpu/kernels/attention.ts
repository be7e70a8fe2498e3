import { KernelError } from '../../errors.ts';
import type { AttentionKernels, AttentionRows } from '../../families/attention.ts';
import { runAttention, runDelta } from '../attention/dispatch.ts';
import type { WebGpuBackend } from '../backend.ts';

/** Streaming attention on WebGPU. Gradients must be laid out as what they are gradients of. */
export function attentionKernels(gpu: WebGpuBackend): AttentionKernels {
  return {
    forward(shape, { q, k, v, o, lse }) {
      const buffers = [q.storage, k.storage, v.storage, o, lse];
      runAttention(gpu, 'forward', shape, { q, k, v }, buffers, false);
    },
    backward(shape, { q, k, v, o, lse, dO, dq, dk, dv }) {
      checkLayout('dq', dq, q);
      checkLayout('dk', dk, k);
      checkLayout('dv', dv, v);
      const { batch, heads, queries } = shape;
      const fused = dk !== undefined && dk.storage === dv?.storage;
      gpu.scratch(batch * heads * queries * 4, 'attention delta', (delta) => {
        runDelta(gpu, shape, { q, k, v }, o, dO, delta);
        const shared = [q.storage, k.storage, v.storage, dO, lse, delta];
        if (dq) runAttention(gpu, 'queryGradient', shape, { q, k, v }, [...shared, dq.storage], fused);
        if (!dk || !dv) return;
        const outputs = fused ? [dk.storage] : [dk.storage, dv.storage];
        runAttention(gpu, 'keyValueGradient', shape, { q, k, v }, [...shared, ...outputs], fused);
      });
    },
  };
}

/** The kernels take one stride and one first column for an input and its gradient. */
function checkLayout(name: string, gradient: AttentionRows | undefined, input: AttentionRows): void {
  if (!gradient || (gradient.stride === input.stride && gradient.column === input.column)) return;
  throw new KernelError(`attention: ${name} is not laid out as its input is`);
}
