import { expect, it } from 'vitest';
import { HeldCommands } from './heldCommands.ts';
import type { Kernel } from './kernel.ts';

/** A kernel that compiles when told to. */
function slowKernel(name: string) {
  let finish = (): void => {};
  let fail = (_: Error): void => {};
  const kernel = { name, pipeline: undefined } as unknown as Kernel;
  kernel.compiled = new Promise<void>((resolve, reject) => {
    finish = () => {
      kernel.pipeline = {} as GPUComputePipeline;
      resolve();
    };
    fail = reject;
  });
  kernel.compiled.catch(() => {});
  return { kernel, finish, fail };
}

it('runs commands in order, each when its kernel is compiled', async () => {
  const held = new HeldCommands();
  const [a, b] = [slowKernel('a'), slowKernel('b')];
  const ran: string[] = [];
  expect(held.empty).toBe(true);
  held.hold(() => ran.push('with a'), a.kernel);
  held.hold(() => ran.push('copy'));
  held.hold(() => ran.push('with b'), b.kernel);
  b.finish();
  await Promise.resolve();
  expect(ran).toEqual([]);
  expect(held.empty).toBe(false);
  a.finish();
  await held.drained();
  expect(ran).toEqual(['with a', 'copy', 'with b']);
  expect(held.empty).toBe(true);
});

it('takes commands while others wait, and runs them last', async () => {
  const held = new HeldCommands();
  const [a, b] = [slowKernel('a'), slowKernel('b')];
  const ran: string[] = [];
  held.hold(() => {
    ran.push('first');
    held.hold(() => ran.push('recorded meanwhile'), b.kernel);
  }, a.kernel);
  held.hold(() => ran.push('second'));
  const drained = held.drained();
  a.finish();
  setTimeout(b.finish, 5);
  await drained;
  expect(ran).toEqual(['first', 'second', 'recorded meanwhile']);
});

it('tells once what kept a kernel from compiling, drops what waited for it, and goes on', async () => {
  const held = new HeldCommands();
  const broken = slowKernel('broken');
  const ran: string[] = [];
  held.hold(() => ran.push('never'), broken.kernel);
  held.hold(() => ran.push('behind it'));
  broken.fail(new Error('no such type'));
  await expect(held.drained()).rejects.toThrow('no such type');
  expect(ran).toEqual([]);
  await held.drained();
  held.hold(() => ran.push('later'));
  await held.drained();
  expect(ran).toEqual(['later']);
});
