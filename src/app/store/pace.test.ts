import { beforeEach, describe, expect, it } from 'vitest';
import type { AdapterDescription } from '../../backend/webgpu/adapter.ts';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import { engineStore } from './engine.ts';
import { libraryStore } from './library.ts';
import { loadPaces, notePace, paceOf, paceStore } from './pace.ts';

const card: AdapterDescription = {
  ...{ vendor: 'nvidia', architecture: 'hopper', description: '', software: false, features: [] },
  ...{ maxBufferSize: 1, maxStorageBufferBindingSize: 1 },
};
const software = { ...card, vendor: 'google', architecture: 'swiftshader', software: true };
const unet = { kind: 'unet', generatorId: 'embedded' } as const;

beforeEach(async () => {
  paceStore.setState({ seconds: {} });
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
});

describe('the pace of work', () => {
  it('is not known on a card that has done nothing yet, and a guess without one', () => {
    expect(paceOf(unet, card)).toBeNull();
    expect(paceOf(unet, software)).toMatchObject({ measured: false });
    expect(paceOf({ kind: 'encoder' }, software)).toMatchObject({ measured: false });
    expect(paceOf({ ...unet, generatorId: 'local:sd' }, software)).toBeNull();
  });

  it('is what was measured last on that adapter, after a reload too', async () => {
    engineStore.setState({ status: { adapter: software } as never });
    await notePace(unet, 40, 10);
    await notePace(unet, 40, 20);
    await notePace(unet, 0, 20);
    expect(paceOf(unet, software)).toEqual({ seconds: 0.5, measured: true });
    expect(paceOf(unet, card)).toBeNull();
    expect(paceOf({ kind: 'encoder' }, software)).toMatchObject({ measured: false });
    paceStore.setState({ seconds: {} });
    await loadPaces();
    expect(paceOf(unet, software)).toEqual({ seconds: 0.5, measured: true });
  });
});
