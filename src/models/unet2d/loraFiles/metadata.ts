import { parseJson } from '../../../files/text.ts';
import { UNetLoraFileError } from './errors.ts';

/** peft's settings of the UNet's adapter, as diffusers (0.35 and later) stores them beside the tensors. */
export interface AdapterMetadata {
  alphaOf(path: string): number;
  /** Undefined where the metadata do not say. */
  rankOf(path: string): number | undefined;
  /** Whether the scale is alpha/√rank. */
  rankStabilized: boolean;
}

/** Key of the JSON text in the file's own metadata. */
const KEY = 'lora_adapter_metadata';

/** peft's `LoraConfig` has this alpha where none is given, and diffusers makes a `LoraConfig` of the metadata. */
const DEFAULT_ALPHA = 8;

/** Starts of A and B that take what they hold out of the frozen weights: without that the update is another. */
const CHANGES_WEIGHTS = /^(?:pissa|olora|corda|loftq|lora_ga)/i;

/**
 * Read the settings of the UNet's adapter; undefined where the file has none.
 * @throws UNetLoraFileError naming a setting that is wrong or cannot be followed
 */
export function readAdapterMetadata(
  metadata: Record<string, string>,
  fileName: string,
): AdapterMetadata | undefined {
  const text = metadata[KEY];
  if (text === undefined) return undefined;
  const fields = unetFields(text, fileName);
  if (!fields) return undefined;
  const fail = (field: string, problem: string): never => {
    throw new UNetLoraFileError(`${fileName}: ${field} in its ${KEY} ${problem}.`);
  };
  if (fields.use_dora)
    fail('use_dora', 'is true: this is a DoRA (with magnitudes), which is not supported here');
  const start = fields.init_lora_weights;
  if (typeof start === 'string' && CHANGES_WEIGHTS.test(start)) {
    fail(
      'init_lora_weights',
      `is "${start}", which changes the generator’s own weights. Have peft convert it to a plain LoRA when saving`,
    );
  }
  const numeric = (field: string, value: unknown): number =>
    typeof value === 'number' && Number.isFinite(value)
      ? value
      : fail(field, `is ${JSON.stringify(value)}; a number was expected`);
  const pattern = (field: string): [RegExp, number][] => {
    const value = fields[field] ?? {};
    if (!isRecord(value)) return fail(field, `is ${JSON.stringify(value)}; a map was expected`);
    return Object.entries(value).map(([key, entry]) => {
      try {
        return [new RegExp(`^(?:.*\\.)?(?:${key})$`), numeric(`${field}, "${key}",`, entry)];
      } catch (error) {
        if (error instanceof UNetLoraFileError) throw error;
        return fail(field, `has "${key}", which is no regular expression`);
      }
    });
  };
  const alphas = pattern('alpha_pattern');
  const ranks = pattern('rank_pattern');
  const alpha = numeric('lora_alpha', fields.lora_alpha ?? DEFAULT_ALPHA);
  const rank = fields.r == null ? undefined : numeric('r', fields.r);
  const first = (list: [RegExp, number][], path: string) => list.find(([key]) => key.test(path))?.[1];
  return {
    alphaOf: (path) => first(alphas, path) ?? alpha,
    rankOf: (path) => first(ranks, path) ?? rank,
    rankStabilized: Boolean(fields.use_rslora),
  };
}

/** The fields behind `unet.`, as a pipeline stores them, or all where no field has a prefix, as a model does. */
function unetFields(text: string, fileName: string): Record<string, unknown> | undefined {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    json = undefined;
  }
  if (!isRecord(json)) {
    throw new UNetLoraFileError(
      `${fileName}: its ${KEY} is no JSON object, so the strength of the LoRA is not known. Save it again.`,
    );
  }
  const entries = Object.entries(json);
  const ofUNet = entries.filter(([key]) => key.startsWith('unet.'));
  if (ofUNet.length > 0) return Object.fromEntries(ofUNet.map(([key, value]) => [key.slice(5), value]));
  return 'r' in json || 'lora_alpha' in json ? json : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
