/**
 * Replace ids in JSON that the library does not read (settings and states may name photos): every text that
 * is exactly an old id becomes the new one.
 */
export function replaceIds(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return ids.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaceIds(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [ids.get(key) ?? key, replaceIds(item, ids)]),
  );
}
