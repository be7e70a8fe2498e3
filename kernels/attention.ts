/** Streaming attention: no matrix of scores is kept. */
import { attentionForward } from './attention/forward';
import { attentionGradient } from './attention/gradient';
import { ATTENTION, ATTENTION_GRADIENT } from './ops/attention';

export function attentionKernel(kernel: i32, args: usize, task: i32, tasks: i32): void {
  if (kernel == ATTENTION) attentionForward(args, task);
  else if (kernel == ATTENTION_GRADIENT) attentionGradient(args, task);
  else unreachable();
}
