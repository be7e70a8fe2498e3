import { describe, expect, it } from 'vitest';
import { PRESETS } from './presets.ts';
import { readSettings, SettingsError } from './readSettings.ts';

describe('readSettings', () => {
  it.each(Object.values(PRESETS))('reads what it wrote: $preset', (preset) => {
    expect(readSettings(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  it('fills in from the preset', () => {
    const settings = readSettings({ preset: 'quick', steps: 3, lora: { rank: 2 } });
    expect(settings).toEqual({
      ...PRESETS.quick,
      steps: 3,
      lora: { ...PRESETS.quick.lora, rank: 2 },
    });
    expect(readSettings({ steps: 3 }).preset).toBe('custom');
  });

  it.each([
    [{ stepz: 3 }, 'no setting stepz'],
    [{ steps: 0 }, 'steps'],
    [{ steps: '5' }, 'steps'],
    [{ lora: 3 }, 'lora must be an object'],
    [{ lora: { targets: 'all' } }, 'lora.targets'],
    [{ augment: { cropArea: [1, 0.5] } }, 'augment.cropArea'],
    [{ views: { mode: 'fixed' } }, 'views'],
    [{ optimizer: { learningRate: -1 } }, 'optimizer.learningRate'],
    [[], 'JSON object'],
  ])('refuses %j', (json, message) => {
    expect(() => readSettings(json)).toThrow(SettingsError);
    expect(() => readSettings(json)).toThrow(message);
  });

  it('takes null where a thing can be switched off', () => {
    const settings = readSettings({
      patchTerm: null,
      optimizer: { clipNorm: 1 },
      lora: { lastLayers: 'all' },
    });
    expect([settings.patchTerm, settings.optimizer.clipNorm, settings.lora.lastLayers]).toEqual([
      null,
      1,
      'all',
    ]);
  });
});
