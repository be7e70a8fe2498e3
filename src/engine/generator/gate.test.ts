import { describe, expect, it } from 'vitest';
import { Gate, StoppedError } from './gate.ts';

describe('Gate', () => {
  it('lets a job through, holds it while paused, and tells both', async () => {
    const told: string[] = [];
    const gate = new Gate(
      () => told.push('paused'),
      () => told.push('resumed'),
    );
    await gate.pass();
    expect(told).toEqual([]);
    gate.pause();
    let passed = false;
    const waiting = gate.pass().then(() => {
      passed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([passed, ...told]).toEqual([false, 'paused']);
    gate.resume();
    await waiting;
    expect([passed, ...told]).toEqual([true, 'paused', 'resumed']);
    expect(gate.waited).toBeGreaterThan(3);
  });

  it('ends a job, also a paused one', async () => {
    const gate = new Gate(
      () => {},
      () => {},
    );
    gate.pause();
    const waiting = gate.pass();
    gate.stop();
    await expect(waiting).rejects.toThrow(StoppedError);
    await expect(gate.pass()).rejects.toThrow(StoppedError);
    expect(gate.stopped).toBe(true);
  });
});
