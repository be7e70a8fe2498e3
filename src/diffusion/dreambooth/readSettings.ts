import { LORA_TARGETS, type LoraTarget } from '../../models/unet2d/loraSites.ts';
import { SAMPLERS } from '../schedulers/samplers.ts';
import { DEFAULT_PRIOR, DREAMBOOTH_PRESETS } from './presets.ts';
import type { DreamBoothSettings } from './settings.ts';

/** DreamBooth settings that are not of the right form; names the field. */
export class DreamBoothSettingsError extends Error {
  override readonly name = 'DreamBoothSettingsError';
}

/** Names of the recipes. */
export type DreamBoothPreset = keyof typeof DREAMBOOTH_PRESETS;

/** What a field takes. */
interface Rule {
  expected: string;
  accepts(value: unknown): boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const whole = (least: number, most = Number.MAX_SAFE_INTEGER): Rule => ({
  expected:
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${least} on`
      : `a whole number from ${least} to ${most}`,
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
});

const atLeastZero: Rule = {
  expected: 'a number from 0 on',
  accepts: (value) => isNumber(value) && value >= 0,
};

const share: Rule = {
  expected: 'a number from 0 to 1',
  accepts: (value) => isNumber(value) && value >= 0 && value <= 1,
};

const aboveZero: Rule = { expected: 'a number above 0', accepts: (value) => isNumber(value) && value > 0 };

const flag: Rule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };

const oneOf = (choices: readonly string[]): Rule => ({
  expected: `one of ${choices.join(', ')}`,
  accepts: (value) => choices.includes(value as string),
});

const orNull = ({ expected, accepts }: Rule): Rule => ({
  expected: `${expected}, or null`,
  accepts: (value) => value === null || accepts(value),
});

const autoOr = ({ expected, accepts }: Rule): Rule => ({
  expected: `${expected}, or "auto"`,
  accepts: (value) => value === 'auto' || accepts(value),
});

const targets: Rule = {
  expected: `a list of at least one of ${LORA_TARGETS.join(', ')}`,
  accepts: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((item) => LORA_TARGETS.includes(item as LoraTarget)),
};

/** Training has a thousand noise levels, and a sampler visits each at most once. */
const samplerSteps = whole(1, 1000);
const sampler = oneOf(Object.keys(SAMPLERS));

/** Every field that holds a value, by its path. */
const RULES: Record<string, Rule> = {
  preset: oneOf([...Object.keys(DREAMBOOTH_PRESETS), 'custom']),
  seed: whole(0),
  steps: whole(1),
  batch: whole(1, 64),
  microBatch: autoOr(whole(1, 64)),
  learningRate: aboveZero,
  weightDecay: atLeastZero,
  tokenLearningRate: orNull(aboveZero),
  clipNorm: aboveZero,
  'lora.rank': whole(1, 256),
  'lora.alpha': aboveZero,
  'lora.targets': targets,
  masked: flag,
  maskFloor: atLeastZero,
  captions: oneOf(['instance', 'varied', 'described']),
  painted: share,
  'prior.weight': atLeastZero,
  'prior.images': whole(1, 2000),
  'prior.steps': samplerSteps,
  'prior.guidance': atLeastZero,
  'prior.sampler': sampler,
  snrGamma: orNull(aboveZero),
  framing: oneOf(['photo', 'object']),
  views: whole(1, 1000),
  validateEvery: whole(0),
  'validation.steps': samplerSteps,
  'validation.guidance': atLeastZero,
  'validation.sampler': sampler,
  checkpointEvery: whole(1),
};

/** Fields that hold others. */
const GROUPS = ['lora', 'prior', 'validation'];

/**
 * Complete DreamBooth settings from JSON: every field that is given must be known and of the right form; the others are
 * taken from the preset it names (`embedded` where it names none). A preset's name stays only with the preset's own values.
 * @throws DreamBoothSettingsError naming the field, what it takes and what it is
 */
export function readDreamBoothSettings(json: unknown): DreamBoothSettings {
  if (!isRecord(json)) throw new DreamBoothSettingsError('The settings must be a JSON object.');
  const base = DREAMBOOTH_PRESETS[json.preset === 'paper' ? 'paper' : 'embedded'];
  const merged = merge(base as unknown as Record<string, unknown>, json, '');
  return named(merged as unknown as DreamBoothSettings);
}

/** Settings under the name of the preset whose values they have, else as `custom`. The seed is not part of a recipe. */
export function named(settings: DreamBoothSettings): DreamBoothSettings {
  for (const [preset, values] of Object.entries(DREAMBOOTH_PRESETS)) {
    const like = { ...settings, preset, seed: values.seed };
    if (sameJson(like, values)) return { ...settings, preset: preset as DreamBoothPreset };
  }
  return { ...settings, preset: 'custom' };
}

function merge(
  base: Record<string, unknown>,
  given: Record<string, unknown>,
  prefix: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = structuredClone(base);
  for (const [key, value] of Object.entries(given)) {
    const path = prefix + key;
    if (GROUPS.includes(path)) result[key] = group(path, base[key], value);
    else {
      const rule = RULES[path];
      if (!rule) throw new DreamBoothSettingsError(`There is no setting ${path}.`);
      if (!rule.accepts(value)) {
        throw new DreamBoothSettingsError(`${path} must be ${rule.expected}; it is ${shown(value)}.`);
      }
      result[key] = value;
    }
  }
  return result;
}

function group(path: string, base: unknown, value: unknown): unknown {
  if (path === 'prior' && value === null) return null;
  if (!isRecord(value)) {
    const orNothing = path === 'prior' ? ', or null' : '';
    throw new DreamBoothSettingsError(`${path} must be an object${orNothing}; it is ${shown(value)}.`);
  }
  return merge((base ?? DEFAULT_PRIOR) as Record<string, unknown>, value, `${path}.`);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}

/** Whether two values are the same as JSON, in whatever order their fields come. */
function sameJson(a: unknown, b: unknown): boolean {
  if (!isRecord(a) || !isRecord(b)) return JSON.stringify(a) === JSON.stringify(b);
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => sameJson(a[name], b[name]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
