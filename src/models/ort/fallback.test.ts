import { expect, it, vi } from 'vitest';
import { openWhereItRuns } from './fallback.ts';
import type { OrtModel } from './runtime.ts';

const input = { values: Float32Array.of(1), shape: [1] };

/** A place that opens and gives these numbers, or fails to. */
function place(values: number[] | Error) {
  const released = vi.fn(async () => {});
  const run = vi.fn(async () => {
    if (values instanceof Error) throw values;
    return { values: Float32Array.from(values), shape: [values.length] };
  });
  const open = vi.fn(async (): Promise<OrtModel> => ({ run, release: released }));
  return { open, run, released };
}

it('stays with the first place that gives finite numbers', async () => {
  const [gpu, cpu] = [place([2]), place([3])];
  const failed = vi.fn();
  const model = await openWhereItRuns([gpu.open, cpu.open], failed);
  for (let i = 0; i < 2; i++) expect((await model.run(input)).values).toEqual(Float32Array.of(2));
  expect(cpu.open).not.toHaveBeenCalled();
  expect(failed).not.toHaveBeenCalled();
  await model.release();
  expect(gpu.released).toHaveBeenCalledOnce();
});

it('goes on elsewhere when a session does not open, does not run, or gives no numbers', async () => {
  const broken = vi.fn(async (): Promise<OrtModel> => Promise.reject(new Error('no such operator')));
  const [throws, nan, cpu] = [place(new Error('lost')), place([Number.NaN]), place([3])];
  const failed = vi.fn();
  const model = await openWhereItRuns([broken, throws.open, nan.open, cpu.open], failed);
  expect((await model.run(input)).values).toEqual(Float32Array.of(3));
  expect(failed.mock.calls.map(([{ message }]) => message)).toEqual([
    ...['no such operator', 'lost', 'the output is not finite'],
  ]);
  expect(throws.released).toHaveBeenCalledOnce();
  expect(nan.released).toHaveBeenCalledOnce();
  await model.run(input);
  expect(nan.run).toHaveBeenCalledOnce();
});

it('keeps what went wrong in the last place', async () => {
  const model = await openWhereItRuns(
    [place(new Error('first')).open, place(new Error('second')).open],
    () => {},
  );
  await expect(model.run(input)).rejects.toThrow('second');
  await expect(openWhereItRuns([async () => Promise.reject(new Error('third'))], () => {})).rejects.toThrow(
    'third',
  );
});
