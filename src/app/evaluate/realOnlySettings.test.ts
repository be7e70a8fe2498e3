import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../personalize/presets.ts';
import { realOnlySettings } from './realOnlySettings.ts';

const adapter = (createdAt: number, settings: unknown) => ({ createdAt, settings });

describe('realOnlySettings', () => {
  it('is the newest run with real crops alone', () => {
    const pasted = { ...PRESETS.quick, positives: 'cutpaste' as const, anchorMode: 'both' as const };
    expect(realOnlySettings([adapter(1, PRESETS.balanced), adapter(2, pasted)])).toEqual({
      ...PRESETS.quick,
      ...{ positives: 'real', anchorMode: 'real' },
    });
  });

  it('is not needed where there is one, and not known where none was taught here', () => {
    expect(
      realOnlySettings([adapter(1, PRESETS.quick), adapter(2, { ...PRESETS.quick, positives: 'real' })]),
    ).toBeNull();
    expect(realOnlySettings([adapter(1, null)])).toBeNull();
    expect(realOnlySettings([])).toBeNull();
  });
});
