import { beforeEach, describe, expect, it } from 'vitest';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import { engineStore } from './engine.ts';
import { libraryStore } from './library.ts';
import { loadPaces, notePace, paceOf, paceStore } from './pace.ts';
import { computeStatus } from './testing.ts';

const card = computeStatus('nvidia');
const processor = computeStatus('CPU', { gflops: 80 });
const unet = { kind: 'unet', generatorId: 'embedded' } as const;

beforeEach(async () => {
  paceStore.setState({ seconds: {} });
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
});

describe('the pace of work', () => {
  it('is not known on a card that has done nothing yet, and a guess without one', () => {
    expect(paceOf(unet, card)).toBeNull();
    // A guess is by the speed at a product: twice as fast, half the time.
    const slower = computeStatus('CPU', { gflops: 40 });
    for (const work of [unet, { kind: 'encoder' } as const]) {
      const { seconds, measured } = paceOf(work, processor)!;
      expect(measured).toBe(false);
      expect(paceOf(work, slower)!.seconds).toBeCloseTo(2 * seconds);
    }
    expect(paceOf({ kind: 'encoder' }, processor)!.seconds).toBeGreaterThan(1 / 80);
    expect(paceOf({ ...unet, generatorId: 'local:sd' }, processor)).toBeNull();
  });

  it('is what was measured last on that adapter, after a reload too', async () => {
    engineStore.setState({ status: { compute: processor } as never });
    await notePace(unet, 40, 10);
    await notePace(unet, 40, 20);
    await notePace(unet, 0, 20);
    expect(paceOf(unet, processor)).toEqual({ seconds: 0.5, measured: true });
    expect(paceOf(unet, card)).toBeNull();
    expect(paceOf({ kind: 'encoder' }, processor)).toMatchObject({ measured: false });
    paceStore.setState({ seconds: {} });
    await loadPaces();
    expect(paceOf(unet, processor)).toEqual({ seconds: 0.5, measured: true });
  });
});
