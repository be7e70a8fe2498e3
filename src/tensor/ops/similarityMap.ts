import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Product of one query [C] with every token [M, N, C] → [M, N]. With tokens from `normalizeTokens` and a
 * query of unit length (one of those tokens, see `tokenAt`) it is the cosine: the hover map over all open images. Not
 * differentiable.
 * @throws ShapeError when the widths differ
 */
export function similarityMap(context: Context, tokens: Tensor, query: Tensor): Tensor {
  if (query.size !== tokens.columns) {
    throw new ShapeError(`similarityMap: the query [${query.shape}] does not fit tokens [${tokens.shape}]`);
  }
  const { rows, columns } = tokens;
  const y = context.empty(tokens.shape.slice(0, -1), 'similarity map');
  context.kernels.similarity.map({ rows, columns }, { x: tokens.buffer, query: query.buffer, y: y.buffer });
  return y;
}

/** A copy of token `index` of image `image` in [M, N, C], as a query [C]; nothing is read back. */
export function tokenAt(context: Context, tokens: Tensor, image: number, index: number): Tensor {
  const [images, count, channels] = tokens.shape;
  if (tokens.shape.length !== 3 || !(image >= 0 && image < images! && index >= 0 && index < count!)) {
    throw new ShapeError(`tokenAt: no token ${index} of image ${image} in [${tokens.shape}]`);
  }
  const query = context.empty([channels!], 'query');
  context.copy(tokens, (image * count! + index) * channels!, query, 0, channels!);
  return query;
}
