import { expect, it } from 'vitest';
import { curveName } from './curveName.ts';

it('gives every row a curve of its own', () => {
  const scores = { overall: {} as never, shifts: {} };
  const row = (recipe: string, seed: number | null) => ({ subject: 'a', recipe, seed, scores });
  const rows = [
    row('pretrained', null),
    row('real', 1),
    row('combined', 1),
    row('combined', 2),
    row('combined', 2),
  ];
  expect(rows.map((one) => curveName(one, rows))).toEqual([
    ...['pretrained', 'real', 'combined, seed 1', 'combined, seed 2 (1)', 'combined, seed 2 (2)'],
  ]);
});
