import { AdapterError } from './errors.ts';
import { targetModuleNames } from './modules.ts';
import type { LoraAdapter } from './types.ts';

/** Names of the two files of a PEFT adapter. */
export const ADAPTER_CONFIG_FILE = 'adapter_config.json';
export const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors';

/** What is read from an `adapter_config.json`. */
export interface AdapterSettings {
  rank: number;
  /** Such that ΔW = (alpha/rank)·B·A. */
  alpha: number;
  dropout: number;
  baseModel: string;
}

/**
 * Text of `adapter_config.json`, for PEFT's `LoraConfig`.
 *
 * PEFT adapts the modules whose path ends in "." and an entry of `target_modules`, of which it then keeps those in a
 * layer that `layers_to_transform` lists, reading the layer's number after `layers_pattern`. Entries that match nothing
 * are no error as long as one does, so both of a module's names are listed (see `targetModuleNames`). Longer endings
 * than `dense` or `query` keep a head or a wrapper around the encoder from matching by accident. Only long-standing
 * fields are written, for older versions refuse a file with a field that they do not know.
 */
export function writeAdapterConfig(adapter: LoraAdapter): string {
  const config = {
    base_model_name_or_path: adapter.baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    layers_pattern: 'layer',
    layers_to_transform: adapter.layers,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: adapter.rank,
    target_modules: targetModuleNames(adapter.targets),
    task_type: null,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Variants of LoRA that compute something else, by the field that turns them on, and what they are. */
const UNSUPPORTED: Record<string, string> = {
  use_dora: 'DoRA',
  fan_in_fan_out: 'transposed weights',
  rank_pattern: 'a rank of its own for some modules',
  alpha_pattern: 'an alpha of its own for some modules',
  modules_to_save: 'modules trained in full',
  lora_bias: 'a bias in B',
  layer_replication: 'replicated layers',
  target_parameters: 'adapted parameters instead of modules',
  trainable_token_indices: 'trained tokens',
  alora_invocation_tokens: 'activated LoRA',
};

/** Initializations that change the encoder's own weights, so that the adapter fits no published checkpoint. */
const CHANGED_BASE = ['pissa', 'olora', 'corda', 'loftq'];

/**
 * Read an `adapter_config.json`. With `use_rslora` (scale alpha/√r instead of alpha/r) the alpha that gives the same
 * scale in the plain form is returned.
 * @throws AdapterError naming the field that is wrong or not supported
 */
export function readAdapterConfig(text: string): AdapterSettings {
  const fields = parseFields(text);
  if (fields.peft_type !== 'LORA') {
    throw refuse('peft_type', `is ${JSON.stringify(fields.peft_type)}; "LORA" was expected`);
  }
  for (const [field, meaning] of Object.entries(UNSUPPORTED)) {
    if (isSet(fields[field])) {
      throw refuse(field, `is ${JSON.stringify(fields[field])}: ${meaning} cannot be used here`);
    }
  }
  if (isSet(fields.bias) && fields.bias !== 'none') {
    throw refuse('bias', `is ${JSON.stringify(fields.bias)}: trained biases cannot be used here`);
  }
  const init = fields.init_lora_weights;
  if (typeof init === 'string' && CHANGED_BASE.some((name) => init.toLowerCase().startsWith(name))) {
    throw refuse('init_lora_weights', `is "${init}", which changes the weights of the encoder itself`);
  }
  // The fallbacks are PEFT's own defaults.
  const rank = readNumber(fields, 'r', 8);
  if (!Number.isInteger(rank) || rank < 1)
    throw refuse('r', `is ${rank}; a whole number of at least 1 was expected`);
  const dropout = readNumber(fields, 'lora_dropout', 0);
  if (dropout < 0 || dropout >= 1)
    throw refuse('lora_dropout', `is ${dropout}; at least 0 and below 1 was expected`);
  const alpha = readNumber(fields, 'lora_alpha', 8);
  const baseModel = fields.base_model_name_or_path;
  return {
    rank,
    alpha: fields.use_rslora === true ? alpha * Math.sqrt(rank) : alpha,
    dropout,
    baseModel: typeof baseModel === 'string' ? baseModel : '',
  };
}

function parseFields(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AdapterError(ADAPTER_CONFIG_FILE, `not JSON (${reason})`, 'Save the adapter with PEFT again.');
  }
  throw new AdapterError(ADAPTER_CONFIG_FILE, 'not a JSON object', 'Save the adapter with PEFT again.');
}

function readNumber(fields: Record<string, unknown>, field: string, fallback: number): number {
  const value = fields[field] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refuse(field, `is ${JSON.stringify(value)}; a number was expected`);
}

/** Whether a field says something other than "off": null, false, and empty lists and maps are off. */
function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false;
}

function refuse(field: string, problem: string): AdapterError {
  return new AdapterError(
    ADAPTER_CONFIG_FILE,
    `${field} ${problem}`,
    'Choose a plain LoRA adapter of a DINOv2 encoder.',
  );
}
