import type { Storage } from '../../backend.ts';
import type { Epilogue } from '../../families/matrix.ts';

/** What the epilogue binds after C, in order, and the switches that say so to the kernel. */
export function bindEpilogue({ c, bias, addend }: Epilogue): {
  buffers: Storage[];
  switches: { BIAS: boolean; ADDEND: boolean; ACCUMULATE: boolean };
} {
  const accumulate = addend === c;
  const separate = accumulate ? undefined : addend;
  return {
    buffers: [bias, separate].filter((storage) => storage !== undefined),
    switches: { BIAS: bias !== undefined, ADDEND: separate !== undefined, ACCUMULATE: accumulate },
  };
}
