import type { Cell } from '../../evaluation/summary/cells.ts';

/** Name of a row's curve: its recipe, with the seed where several have it. Adapters may share a name; curves must not. */
export function curveName<T extends Cell>(row: T, rows: readonly T[]): string {
  const alike = rows.filter(({ recipe }) => recipe === row.recipe);
  if (alike.length === 1) return row.recipe;
  const sameSeed = alike.filter(({ seed }) => seed === row.seed);
  const count = sameSeed.length > 1 ? ` (${sameSeed.indexOf(row) + 1})` : '';
  return `${row.recipe}, seed ${row.seed}${count}`;
}
