import { expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { embedViews } from './embedding.ts';

it.each([
  0, 4,
])('joins class token and mean patch; %i registers between them are neither', async (registers) => {
  const context = await testContext();
  const [patches, width] = [3, 2];
  const rows = [
    [1, 2],
    ...Array.from({ length: registers }, () => [1000, 1000]),
    ...Array.from({ length: patches }, (_, i) => [10 * i, i]),
  ];
  const tokens = context.fromArray(Float32Array.from(rows.flat()), [1, rows.length, width]);
  const prefix = { prefix: { classToken: true, registers } };
  const joined = context.scope(() => embedViews(context, tokens, 'cls+mean', prefix));
  expect([...(await context.read(joined))]).toEqual([1, 2, 10, 1]);
  const alone = context.scope(() => embedViews(context, tokens, 'cls', prefix));
  expect([...(await context.read(alone))]).toEqual([1, 2]);
  for (const tensor of [joined, alone, tokens]) tensor.release();
});
