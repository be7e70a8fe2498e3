import type { VitConfig } from '../../models/vit/config.ts';
import { prefixTokens } from '../../models/vit/cost.ts';
import type { Context } from '../../tensor/context.ts';
import { concatColumns } from '../../tensor/ops/concat.ts';
import { meanTokens } from '../../tensor/ops/meanTokens.ts';
import { selectToken } from '../../tensor/ops/sliceRows.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * Embeddings of views from their last hidden states [V, T, C] (method §1.5): the class token joined with the mean of the
 * patch tokens (registers are neither), [V, 2C], neither normalized before; or the class token alone, [V, C].
 */
export function embedViews(
  context: Context,
  tokens: Tensor,
  embedding: 'cls+mean' | 'cls',
  config: Pick<VitConfig, 'prefix'>,
): Tensor {
  const classToken = selectToken(context, tokens, 0);
  if (embedding === 'cls') return classToken;
  return concatColumns(context, [classToken, meanTokens(context, tokens, prefixTokens(config))]);
}
