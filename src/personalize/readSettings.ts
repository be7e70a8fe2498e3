import { PRESETS } from './presets.ts';
import type { TrainingSettings } from './settings.ts';

/** Settings that are not of the right form; names the field. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

const CHOICES: Record<string, readonly string[]> = {
  preset: ['paper', 'balanced', 'quick', 'custom'],
  loss: ['info-nce', 'multi-positive', 'hinge'],
  embedding: ['cls+mean', 'cls'],
  positives: ['real', 'cutpaste', 'generated', 'combined'],
  anchorMode: ['real', 'synthetic', 'both'],
  'lora.targets': ['qkv', 'qkv+output', 'qkv+output+mlp'],
  'augment.method': ['paper', 'photo'],
  'views.mode': ['fresh', 'fixed'],
};

/** Fields that may be something else than what the Balanced preset has there. */
const ALSO: Record<string, (value: unknown) => boolean> = {
  microBatch: (value) => value === 'auto' || isCount(value),
  'lora.lastLayers': (value) => value === 'all' || isCount(value),
  patchTerm: (value) => value === null,
  'optimizer.clipNorm': (value) => value === null || isNumber(value),
  'augment.colorJitter': (value) => value === null,
};

/** Fields that count something. */
const COUNTS = ['steps', 'batch', 'triplets', 'checkpointEvery', 'lora.rank'];

/**
 * Complete settings from JSON: every field that is given must be known and of the right type; the others are taken from
 * its preset (Balanced where none is named).
 * @throws SettingsError
 */
export function readSettings(json: unknown): TrainingSettings {
  if (!isRecord(json)) throw new SettingsError('The settings must be a JSON object.');
  const name = json.preset;
  const base = name === 'paper' || name === 'quick' ? PRESETS[name] : PRESETS.balanced;
  const merged = merge(base as unknown as Record<string, unknown>, json, '') as unknown as TrainingSettings;
  return name === undefined ? { ...merged, preset: 'custom' } : merged;
}

function merge(
  base: Record<string, unknown>,
  given: Record<string, unknown>,
  path: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = structuredClone(base);
  for (const [key, value] of Object.entries(given)) {
    const at = path ? `${path}.${key}` : key;
    const reference = template(at, base[key]);
    if (reference === undefined) throw new SettingsError(`There is no setting ${at}.`);
    if (ALSO[at]?.(value)) result[key] = value;
    else if (at === 'views') result[key] = readViews(value);
    else if (isRecord(reference)) {
      if (!isRecord(value)) throw new SettingsError(`${at} must be an object.`);
      result[key] = merge(reference, value, at);
    } else result[key] = leaf(at, reference, value);
  }
  return result;
}

/** What a field looks like where it is set, when the base has null there. */
function template(at: string, base: unknown): unknown {
  if (at === 'patchTerm') return PRESETS.balanced.patchTerm;
  if (at === 'augment.colorJitter') return PRESETS.balanced.augment.colorJitter;
  if (at === 'optimizer.clipNorm') return 1;
  return base;
}

function leaf(at: string, reference: unknown, value: unknown): unknown {
  const choices = CHOICES[at];
  if (choices) {
    if (choices.includes(value as string)) return value;
    throw new SettingsError(`${at} must be one of ${choices.join(', ')}; it is ${JSON.stringify(value)}.`);
  }
  if (Array.isArray(reference)) {
    const ordered =
      Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0]! <= value[1]!;
    if (ordered) return value;
    throw new SettingsError(`${at} must be two numbers, the smaller first; it is ${JSON.stringify(value)}.`);
  }
  if (COUNTS.includes(at) && !isCount(value)) {
    throw new SettingsError(`${at} must be a whole number of at least 1; it is ${JSON.stringify(value)}.`);
  }
  if (isNumber(value) && value >= 0) return value;
  throw new SettingsError(`${at} must be a number of at least 0; it is ${JSON.stringify(value)}.`);
}

function readViews(value: unknown): TrainingSettings['views'] {
  if (isRecord(value) && value.mode === 'fresh') return { mode: 'fresh' };
  const { mode, anchors, positives, negatives } = isRecord(value) ? value : {};
  if (mode === 'fixed' && isCount(anchors) && isCount(positives) && isCount(negatives)) {
    return { mode, anchors, positives, negatives };
  }
  throw new SettingsError(
    'views must be {"mode": "fresh"} or {"mode": "fixed", "anchors", "positives", "negatives"}.',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}
