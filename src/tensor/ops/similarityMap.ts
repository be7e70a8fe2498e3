import wgsl from '../../../shaders/similarityMap.wgsl?raw';
import { foldGrid } from '../../backend/webgpu/grid.ts';
import type { Context } from '../context.ts';
import { ShapeError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

/** Invocations that share a row on a GPU: 8 × 16 bytes are a cache line. */
const LANES = 8;

/**
 * Product of one query [C] with every token [M, N, C] → [M, N], in one dispatch. With tokens from `normalizeTokens` and a
 * query of unit length (one of those tokens, see `tokenAt`) it is the cosine: the hover map over all open images. Not
 * differentiable.
 * @param parallel eight invocations a token (GPUs) or one (software adapters, the default there)
 * @throws ShapeError when the widths differ
 */
export function similarityMap(
  context: Context,
  tokens: Tensor,
  query: Tensor,
  parallel: boolean = !context.gpu.adapter.software,
): Tensor {
  if (query.size !== tokens.columns) {
    throw new ShapeError(`similarityMap: the query [${query.shape}] does not fit tokens [${tokens.shape}]`);
  }
  const { rows, columns } = tokens;
  const wide = columns % 4 === 0;
  const lanes = parallel ? LANES : 1;
  const y = context.empty(tokens.shape.slice(0, -1), 'similarity map');
  context.run(
    {
      name: 'similarityMap',
      wgsl,
      constants: { PARALLEL: parallel, LANES: lanes, WIDE: wide, ITEM: wide ? 'vec4f' : 'f32' },
    },
    [tokens, query, y],
    { rows, items: wide ? columns / 4 : columns },
    foldGrid(Math.ceil((rows * lanes) / 64)),
    tokens.size * 2,
  );
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
