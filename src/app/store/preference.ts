import type { Preference } from '../../engine/protocol.ts';
import { engineStore, theEngine } from './engine.ts';
import { theLibrary } from './library.ts';

/** Name of the setting that keeps the choice. */
const SETTING = 'compute';

/** What was chosen to compute on in an earlier visit; `auto` where nothing was, or nothing that is known. */
export async function keptPreference(): Promise<Preference> {
  const kept = await theLibrary().settings.get<unknown>(SETTING);
  return kept === 'gpu' || kept === 'cpu' ? kept : 'auto';
}

/**
 * Compute on something else from now on, and after a reload too.
 * @throws the engine's error where that cannot be had; the choice before then stays
 */
export async function choosePreference(preference: Preference): Promise<void> {
  const engine = theEngine();
  engineStore.setState({ switching: true });
  try {
    const status = await engine.use(preference);
    engineStore.setState({ status, notice: null });
    await theLibrary().settings.set(SETTING, preference);
  } finally {
    engineStore.setState({ switching: false });
  }
}
