import type { AdapterRecord } from '../../library/types.ts';
import type { TrainingSettings } from '../../personalize/settings.ts';

/**
 * Settings of the run that the others are to be compared with: the newest adapter's with real crops in place of its positives.
 * Null when there is such an adapter, or none that was taught here.
 */
export function realOnlySettings(
  adapters: readonly Pick<AdapterRecord, 'settings' | 'createdAt'>[],
): TrainingSettings | null {
  const taught = adapters
    .map(({ settings, createdAt }) => ({ settings: settings as TrainingSettings | null, createdAt }))
    .filter(({ settings }) => settings?.positives !== undefined)
    .sort((a, b) => b.createdAt - a.createdAt);
  if (taught.length === 0 || taught.some(({ settings }) => settings!.positives === 'real')) return null;
  return { ...taught[0]!.settings!, positives: 'real', anchorMode: 'real' };
}
