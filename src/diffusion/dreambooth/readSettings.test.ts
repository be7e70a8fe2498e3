import { describe, expect, it } from 'vitest';
import { DEFAULT_PRIOR, DREAMBOOTH_PRESETS } from './presets.ts';
import { DreamBoothSettingsError, named, readDreamBoothSettings } from './readSettings.ts';
import { microBatch } from './settings.ts';

const { embedded, paper } = DREAMBOOTH_PRESETS;

describe('readDreamBoothSettings', () => {
  it.each([embedded, paper])('reads what was written: $preset', (preset) => {
    expect(readDreamBoothSettings(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  it('fills in from the preset it names, and from embedded where it names none', () => {
    const lora = { ...paper.lora, rank: 4 };
    expect(readDreamBoothSettings({ preset: 'paper', lora: { rank: 4 } })).toEqual({
      ...paper,
      lora,
      preset: 'custom',
    });
    expect(readDreamBoothSettings({ steps: 3 })).toEqual({ ...embedded, steps: 3, preset: 'custom' });
  });

  it('takes and switches off prior preservation and min-SNR', () => {
    expect(readDreamBoothSettings({ prior: { images: 3 } }).prior).toEqual({ ...DEFAULT_PRIOR, images: 3 });
    expect(readDreamBoothSettings({ preset: 'paper', prior: null }).prior).toBeNull();
    expect(readDreamBoothSettings({ preset: 'paper', prior: { images: 3 } }).prior).toEqual({
      ...paper.prior,
      images: 3,
    });
    expect(readDreamBoothSettings({ snrGamma: 5 }).snrGamma).toBe(5);
    expect(readDreamBoothSettings({ snrGamma: null }).snrGamma).toBeNull();
  });

  it.each([
    [[], 'The settings must be a JSON object.'],
    [{ stepz: 3 }, 'There is no setting stepz.'],
    [{ steps: 0 }, 'steps must be a whole number from 1 on; it is 0.'],
    [{ steps: '5' }, 'steps must be a whole number from 1 on; it is "5".'],
    [{ seed: -1 }, 'seed must be'],
    [{ batch: 100 }, 'batch must be a whole number from 1 to 64'],
    [{ microBatch: 'all' }, 'microBatch must be a whole number from 1 to 64, or "auto"; it is "all".'],
    [{ learningRate: 0 }, 'learningRate must be a number above 0'],
    [{ learningRate: null }, 'learningRate must be a number above 0; it is null.'],
    [{ masked: 1 }, 'masked must be true or false'],
    [{ lora: 3 }, 'lora must be an object; it is 3.'],
    [{ lora: null }, 'lora must be an object; it is null.'],
    [{ lora: { rang: 3 } }, 'There is no setting lora.rang.'],
    [{ lora: { targets: [] } }, 'lora.targets must be a list of at least one of attention'],
    [{ lora: { targets: ['all'] } }, 'lora.targets must be'],
    [{ prior: 8 }, 'prior must be an object, or null; it is 8.'],
    [{ prior: { images: 0 } }, 'prior.images must be'],
    [{ prior: { sampler: 'heun' } }, 'prior.sampler must be one of dpm++2m'],
    [{ validation: { steps: 1001 } }, 'validation.steps must be a whole number from 1 to 1000'],
    [{ snrGamma: 0 }, 'snrGamma must be a number above 0, or null'],
    [{ framing: 'face' }, 'framing must be one of photo, object'],
    [{ checkpointEvery: 0 }, 'checkpointEvery must be'],
    [{ preset: 'quick' }, 'preset must be one of paper, embedded, custom'],
  ])('refuses %j', (json, message) => {
    expect(() => readDreamBoothSettings(json)).toThrow(DreamBoothSettingsError);
    expect(() => readDreamBoothSettings(json)).toThrow(message);
  });

  it('has a rule for every field there is', () => {
    for (const preset of [embedded, { ...paper, snrGamma: 5 }])
      for (const [field, value] of Object.entries(preset))
        expect(() => readDreamBoothSettings({ preset: 'paper', [field]: value })).not.toThrow();
  });
});

describe('named', () => {
  it('gives a preset its name back when the last change is taken back', () => {
    const changed = named({ ...embedded, steps: 7 });
    expect(changed.preset).toBe('custom');
    expect(named({ ...changed, steps: embedded.steps })).toEqual(embedded);
    expect(named({ ...paper, preset: 'custom', seed: 5 })).toEqual({ ...paper, seed: 5 });
  });
});

describe('microBatch', () => {
  it('is what the setting says, of the images of a step', () => {
    const settings = { ...embedded, batch: 3 };
    expect(microBatch(settings, false)).toBe(3);
    expect(microBatch(settings, true)).toBe(1);
    expect(microBatch({ ...settings, prior: DEFAULT_PRIOR }, false)).toBe(4);
    expect(microBatch({ ...settings, prior: DEFAULT_PRIOR, microBatch: 64 }, true)).toBe(6);
    expect(microBatch({ ...settings, microBatch: 2 }, false)).toBe(2);
  });
});
