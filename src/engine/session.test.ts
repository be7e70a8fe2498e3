import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backend/backend.ts';
import { type ChooseRequest, chooseBackend, type Preference } from '../backend/choose/choose.ts';
import type { Way, WayOpener } from '../backend/choose/ways.ts';
import { NoBackendError } from '../backend/errors.ts';
import type { Context } from '../tensor/context.ts';
import { Session } from './session.ts';

/** A backend that can be lost; nothing runs on it. */
function device(kind: Backend['kind']): Backend {
  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });
  return {
    ...{ kind, lost, destroy: vi.fn(() => lose('destroyed')) },
    device: { vendor: kind, architecture: '', description: '', features: [] },
    traits: { maxBytes: 1, onCpu: kind === 'cpu' },
  } as unknown as Backend;
}

/** A machine with a GPU that is faster than its processor, unless `absent` says what is not there. */
function ways(absent: Set<Way> = new Set()): Record<Way, WayOpener> {
  const opener = (way: Way, kind: Backend['kind']): WayOpener => ({
    key: () => way,
    open: async () => {
      if (absent.has(way)) throw new NoBackendError(`there is no ${way}`);
      return { backend: device(kind), notes: [] };
    },
  });
  return { gpu: opener('gpu', 'webgpu'), cpu: opener('cpu', 'cpu') };
}

const absent = new Set<Way>();
let session: Session;
const events: string[] = [];

async function start(preference: Preference): Promise<void> {
  const machine = ways(absent);
  session = new Session(({ preference, lost }: ChooseRequest) =>
    chooseBackend({
      ...{ preference, lost, ways: machine },
      measure: async ({ kind }) => (kind === 'cpu' ? 10 : 100),
    }),
  );
  session.onLost = (reason) => events.push(`lost: ${reason}`);
  session.onRecovered = () => events.push(`recovered on ${session.chosen.choice.way}`);
  session.onUnrecoverable = ({ message }) => events.push(`unrecoverable: ${message}`);
  for (const name of ['encoder', 'generator'])
    session.onRebuild(async ({ backend }) => {
      events.push(`${name} on ${backend.kind}`);
    });
  await session.start(preference);
}

/** Lose the device and wait until another is there. */
async function lose(): Promise<void> {
  const before = session.context;
  session.lose();
  await before.backend.lost;
  await vi.waitFor(async () => {
    await session.recovered();
    expect(session.alive && session.context !== before).toBe(true);
  });
}

beforeEach(() => {
  events.length = 0;
  absent.clear();
});

describe('a session', () => {
  it('replaces a lost device by its like, and after two losses by the processor, and says so', async () => {
    await start('auto');
    expect(session.context.backend.kind).toBe('webgpu');
    await lose();
    expect(events.splice(0)).toEqual([
      ...['lost: destroyed', 'encoder on webgpu', 'generator on webgpu', 'recovered on gpu'],
    ]);
    expect(session.chosen.notes).toEqual([]);
    await lose();
    expect(events.splice(0)).toEqual([
      ...['lost: destroyed', 'encoder on cpu', 'generator on cpu', 'recovered on cpu'],
    ]);
    expect(session.chosen.notes).toEqual([
      'The graphics card is not used. It was lost twice. Choose it again to try. The processor computes instead.',
    ]);
    await lose();
    expect(events.at(-1)).toBe('recovered on cpu');
  });

  it('runs once more, on the new device, what was under way when the old one was lost', async () => {
    await start('gpu');
    const seen: string[] = [];
    const result = await session.guard(async ({ backend }) => {
      seen.push(backend.kind);
      if (seen.length < 2) {
        session.lose();
        throw new Error('the device is gone');
      }
      return 'done';
    });
    expect(result).toBe('done');
    expect(seen).toEqual(['webgpu', 'webgpu']);
    await expect(session.guard(() => Promise.reject(new Error('a mistake')))).rejects.toThrow('a mistake');
  });

  it('goes over to another choice: everything is made anew there, then the old device ends', async () => {
    await start('auto');
    const old = session.context.backend;
    let finish: () => void = () => {};
    const underWay = session.guard(async (context: Context) => {
      if (context.backend === old)
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      return context.backend.kind;
    });
    await vi.waitFor(() => expect(finish.name).not.toBe('finish'));
    await session.use('cpu');
    expect(events).toEqual(['encoder on cpu', 'generator on cpu']);
    expect(session.chosen.choice).toMatchObject({ preference: 'cpu', way: 'cpu' });
    expect(session.interruption).toBe('Another device computes now');
    expect(old.destroy).toHaveBeenCalledTimes(1);
    finish();
    expect(await underWay).toBe('cpu');

    // The processor is what the choice comes to already: nothing is made anew.
    absent.add('gpu');
    const kept = session.context;
    await session.use('auto');
    expect(session.context).toBe(kept);
    expect(session.chosen.backend).toBe(kept.backend);
    expect(session.chosen.choice.preference).toBe('auto');
    expect(events).toHaveLength(2);
  });

  it('ends with the choice that was made last, however long others take', async () => {
    const machine = ways();
    const { open } = machine.cpu;
    machine.cpu.open = async (store) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return open(store);
    };
    session = new Session(({ preference, lost }) =>
      chooseBackend({ ...{ preference, lost, ways: machine }, measure: async () => 1 }),
    );
    await session.start('gpu');
    await Promise.all([session.use('cpu'), session.use('gpu')]);
    expect(session.chosen.choice).toMatchObject({ preference: 'gpu', way: 'gpu' });
    expect(session.context.backend.kind).toBe('webgpu');
  });

  it('takes a GPU that was given up when it is chosen again', async () => {
    await start('gpu');
    await lose();
    await lose();
    expect(session.context.backend.kind).toBe('cpu');
    await session.use('gpu');
    expect(session.context.backend.kind).toBe('webgpu');
    await lose();
    expect(session.context.backend.kind).toBe('webgpu');
  });

  it('stays on its device when another cannot be had, and ends when none comes back', async () => {
    await start('gpu');
    const kept = session.context;
    for (const way of ['gpu', 'cpu'] as const) absent.add(way);
    await expect(session.use('cpu')).rejects.toThrow('there is no cpu');
    expect(session.context).toBe(kept);
    expect(session.chosen.choice.preference).toBe('gpu');
    session.lose();
    await vi.waitFor(() => expect(events).toContain('unrecoverable: there is no cpu'), 10_000);
    expect(() => session.context).toThrow('has not come back');
    await expect(session.guard(async () => {})).rejects.toThrow('could not be had again');
  });

  it('begins its recovery again when the new device is lost too', async () => {
    await start('gpu');
    session.onRebuild(async ({ backend }) => {
      if (events.filter((event) => event.startsWith('lost')).length === 1) {
        backend.destroy();
        throw new Error('the device is gone');
      }
    });
    await lose();
    expect(session.context.backend.kind).toBe('cpu');
    expect(events.filter((event) => event.startsWith('recovered'))).toEqual(['recovered on cpu']);
  });
});
