import { estimateStorage } from './quota.ts';

export interface StorageState {
  /** Whether the browser promised not to clear the page's data by itself; undefined where it cannot say. */
  persisted?: boolean;
  /** Bytes. */
  usage?: number;
  quota?: number;
}

/** How safely and how fully this page's data are stored, for the user to see. */
export async function storageState(): Promise<StorageState> {
  const { usage, quota } = await estimateStorage();
  const persisted = await askStorage((storage) => storage.persisted?.());
  return { persisted, usage, quota };
}

/**
 * Ask the browser to keep the data for good. Chrome decides by itself, Firefox asks the user; call it after
 * the user has added something worth keeping, not at start.
 */
export async function requestPersistence(): Promise<'granted' | 'denied' | 'unavailable'> {
  const granted = await askStorage((storage) => storage.persist?.());
  if (granted === undefined) return 'unavailable';
  return granted ? 'granted' : 'denied';
}

async function askStorage(
  ask: (storage: StorageManager) => Promise<boolean> | undefined,
): Promise<boolean | undefined> {
  const storage = globalThis.navigator?.storage;
  if (!storage) return undefined;
  try {
    return await ask(storage);
  } catch {
    return undefined; // Insecure contexts and some private windows refuse even the question.
  }
}
