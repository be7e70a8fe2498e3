/** Roughly how many bytes a value takes in the database: typed arrays exactly, text two bytes a letter. */
export function byteSize(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (value instanceof Blob) return value.size;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  if (value instanceof Map) return byteSize([...value]);
  let total = 16;
  for (const [key, item] of Object.entries(value)) total += byteSize(key) + byteSize(item);
  return total;
}
