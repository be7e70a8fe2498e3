import { describe, expect, it } from 'vitest';
import { testContext } from '../testing/device.ts';
import { ScalarLog } from './scalarLog.ts';

describe('ScalarLog', () => {
  it('returns what was appended, in order, also when made and filled inside scopes', async () => {
    const context = await testContext();
    const before = context.memory.used;
    let log!: ScalarLog;
    context.scope(() => {
      log = new ScalarLog(context, ['loss', 'accuracy'], 2);
      return undefined;
    });
    const append = (a: number, b: number) =>
      context.scope(() => {
        log.append([context.fromArray([a], [1]), context.fromArray([b], [1])]);
        return undefined;
      });
    append(1, 2);
    append(3, 4);
    expect(log.full).toBe(true);
    expect(() => append(5, 6)).toThrow('drain it');
    expect(await log.drain()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await log.drain()).toEqual([]);
    append(5, 6);
    expect(log.length).toBe(1);
    expect(await log.drain()).toEqual([[5, 6]]);
    expect(() => log.append([])).toThrow('loss, accuracy');
    log.dispose();
    expect(context.memory.used).toBe(before);
  });
});
