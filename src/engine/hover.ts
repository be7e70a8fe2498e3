import type { MapTarget } from '../images/preprocessForMap.ts';
import type { Context } from '../tensor/context.ts';
import { similarityMap } from '../tensor/ops/similarityMap.ts';
import { sliceTokens } from '../tensor/ops/sliceRows.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { FeatureStore } from './features.ts';
import type { HoverMap } from './protocol.ts';

/**
 * Similarity of one patch to every patch of the open photos, by every set of weights, from cached features; photos whose
 * features are not there are left out. All maps come back in one read, ahead of what a run has recorded.
 * @param patch row-major index on the grid of photo `key`
 */
export async function hoverMaps(
  context: Context,
  features: FeatureStore,
  key: string,
  patch: number,
  open: readonly string[],
  target: MapTarget,
): Promise<HoverMap[]> {
  const maps: (Omit<HoverMap, 'values'> & { size: number })[] = [];
  const record = () => {
    const parts: Tensor[] = [];
    for (const which of features.available) {
      const source = features.cached(which, key, target);
      if (!source || patch < 0 || patch >= source.unitTokens.shape[1]!) continue;
      const query = context.reshape(sliceTokens(context, source.unitTokens, patch, patch + 1), [
        source.dimension,
      ]);
      for (const other of open) {
        const photo = features.cached(which, other, target);
        if (!photo) continue;
        parts.push(similarityMap(context, photo.unitTokens, query));
        const { columns, rows } = photo.geometry;
        maps.push({ key: other, which, columns, rows, size: columns * rows });
      }
    }
    if (parts.length === 0) return undefined;
    const whole = context.empty([parts.reduce((sum, { size }) => sum + size, 0)], 'hover maps');
    let offset = 0;
    for (const part of parts) {
      context.copy(part, 0, whole, offset, part.size);
      offset += part.size;
    }
    return whole;
  };
  const joined = context.backend.urgent(() => context.scope(record));
  if (!joined) return [];
  const values = await context.read(joined);
  joined.release();
  let offset = 0;
  return maps.map(({ size, ...map }) => {
    offset += size;
    return { ...map, values: values.slice(offset - size, offset) };
  });
}
