/** One control of a settings drawer; `path` is where its value is, with dots. */
export type SettingField = {
  group: string;
  path: string;
  label: string;
  hint?: string;
} & (
  | { kind: 'number'; min: number; max?: number; step: number; whole?: boolean }
  | { kind: 'optional'; min: number; step: number; fallback: unknown }
  | { kind: 'choice'; choices: Choice[]; parse?: (text: string) => unknown }
  | { kind: 'several'; choices: Choice[] }
  | { kind: 'flag' }
);

interface Choice {
  value: string;
  label: string;
}

/** A number from `min` to `max` (undefined: no end) in steps. */
export const number = (
  group: string,
  path: string,
  label: string,
  [min, max, step]: [number, number | undefined, number],
  hint?: string,
): SettingField => ({
  kind: 'number',
  group,
  path,
  label,
  min,
  step,
  ...(max === undefined ? {} : { max }),
  ...(hint ? { hint } : {}),
});

/** One of several values. */
export const choice = (
  group: string,
  path: string,
  label: string,
  values: Record<string, string>,
  hint?: string,
): SettingField => ({
  kind: 'choice',
  group,
  path,
  label,
  choices: Object.entries(values).map(([value, text]) => ({ value, label: text })),
  ...(hint ? { hint } : {}),
});

/** The value at a dotted path; undefined where there is none. */
export function valueAt(settings: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], settings);
}

/** Settings with another value at a dotted path; the original stays. */
export function withValue<T extends { preset: string }>(settings: T, path: string, value: unknown): T {
  const copy = structuredClone(settings);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    copy as unknown as Record<string, unknown>,
  );
  parent[last] = value;
  return { ...copy, preset: 'custom' };
}

/** A field's value in words. */
export function shownValue(field: SettingField, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (field.kind === 'optional' && typeof value === 'object') return 'on';
  const choices = field.kind === 'choice' || field.kind === 'several' ? field.choices : [];
  const word = (item: unknown) =>
    choices.find((known) => known.value === String(item))?.label ?? String(item);
  return Array.isArray(value) ? value.map(word).join(', ') : word(value);
}
