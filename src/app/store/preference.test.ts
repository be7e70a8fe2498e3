import { beforeEach, expect, it, vi } from 'vitest';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import { engineStore } from './engine.ts';
import { libraryStore } from './library.ts';
import { choosePreference, keptPreference } from './preference.ts';
import { computeStatus } from './testing.ts';

const use = vi.fn();

beforeEach(async () => {
  use.mockReset();
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
  engineStore.setState({ engine: { use } as never, status: null, switching: false });
});

it('keeps what was chosen to compute on once the engine has gone over', async () => {
  expect(await keptPreference()).toBe('auto');
  const status = { compute: computeStatus('CPU', { gflops: 80 }) };
  use.mockImplementation(async () => {
    expect(engineStore.getState().switching).toBe(true);
    return status;
  });
  await choosePreference('cpu');
  expect(use).toHaveBeenCalledWith('cpu');
  expect(engineStore.getState()).toMatchObject({ status, switching: false });
  expect(await keptPreference()).toBe('cpu');
  await choosePreference('auto');
  expect(await keptPreference()).toBe('auto');
});

it('keeps the choice before where the new one cannot be had', async () => {
  use.mockResolvedValueOnce({ compute: computeStatus('card') });
  await choosePreference('gpu');
  use.mockRejectedValueOnce(new Error('no memory'));
  await expect(choosePreference('cpu')).rejects.toThrow('no memory');
  expect(await keptPreference()).toBe('gpu');
  expect(engineStore.getState().switching).toBe(false);
  // What an earlier version of the page may have kept.
  await libraryStore.getState().library!.settings.set('compute', 'abacus');
  expect(await keptPreference()).toBe('auto');
});
