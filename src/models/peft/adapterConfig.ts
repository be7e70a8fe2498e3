import { parseJson } from '../../files/text.ts';
import { AdapterError } from './errors.ts';
import { type ModulePattern, moduleExpression } from './modulePatterns.ts';
import { targetModuleNames } from './modules.ts';
import type { LoraAdapter } from './types.ts';

/** Names of the two files of a PEFT adapter. */
export const ADAPTER_CONFIG_FILE = 'adapter_config.json';
export const ADAPTER_WEIGHTS_FILE = 'adapter_model.safetensors';

/** What is read from an `adapter_config.json`. */
export interface AdapterSettings {
  /** Rank of modules that no pattern names; null where the file does not say. */
  rank: number | null;
  /** Alpha of modules that no pattern names; PEFT's default where the file does not say. */
  alpha: number;
  /** What was taken for granted, one sentence each. */
  notes: string[];
  /** Ranks and alphas of single modules, in the order in which they are looked up. */
  rankPattern: ModulePattern[];
  alphaPattern: ModulePattern[];
  /** Whether updates are scaled by alpha/√rank instead of alpha/rank. */
  rankStabilized: boolean;
  dropout: number;
  /** Empty where the file names none. */
  baseModel: string;
}

/**
 * Text of `adapter_config.json`, for PEFT's `LoraConfig`.
 *
 * PEFT adapts the modules whose path ends in "." and an entry of `target_modules`, of which it then keeps those in a
 * layer that `layers_to_transform` lists, reading the layer's number after `layers_pattern`. Entries that match nothing
 * are no error as long as one does, so both of a module's names are listed (see `targetModuleNames`). Longer endings
 * than `dense` or `query` keep a head or a wrapper around the encoder from matching by accident. Only long-standing
 * fields are written, for older versions refuse a file with a field that they do not know. An encoder from files is named
 * by its id, `local:<name>@<digest>`: no name of it would load anywhere else either, and PEFT keeps the text as it is when
 * it saves the adapter again.
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
  lora_bias: 'a bias in B',
  layer_replication: 'replicated layers',
  target_parameters: 'adapted parameters instead of modules',
  trainable_token_indices: 'trained tokens',
  alora_invocation_tokens: 'activated LoRA',
  use_qalora: 'QALoRA',
  use_bdlora: 'block-diagonal LoRA',
  velora_config: 'VeLoRA',
  monteclora_config: 'MonteCLoRA',
  kasa_config: 'KaSA',
  arrow_config: 'Arrow, which routes between adapters',
};

/** Initializations that change the encoder's own weights, so that the adapter fits no published checkpoint. */
const CHANGED_BASE = ['pissa', 'olora', 'corda', 'loftq', 'lora_ga'];

/**
 * Read an `adapter_config.json`, with or without a byte order mark.
 * @param fileName what it is called, for messages
 * @throws AdapterError naming the field that is wrong or not supported
 */
export function readAdapterConfig(
  content: string | Uint8Array,
  fileName = ADAPTER_CONFIG_FILE,
): AdapterSettings {
  const refuse = (field: string, problem: string): AdapterError =>
    new AdapterError(fileName, `${field} ${problem}`, 'Choose a plain LoRA adapter of a DINOv2 encoder.');
  const number = (value: unknown, field: string): number => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw refuse(field, `is ${JSON.stringify(value)}; a number was expected`);
  };
  const wholeRank = (value: unknown, field: string): number => {
    const rank = number(value, field);
    if (Number.isInteger(rank) && rank >= 1) return rank;
    throw refuse(field, `is ${rank}; a whole number of at least 1 was expected`);
  };
  const fields = parseFields(content, fileName);
  if (fields.peft_type !== 'LORA') {
    const given = fields.peft_type === undefined ? 'is missing' : `is ${JSON.stringify(fields.peft_type)}`;
    throw refuse('peft_type', `${given}; "LORA" was expected`);
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
  const patterns = (field: string, read: (value: unknown, field: string) => number): ModulePattern[] => {
    const map = fields[field] ?? {};
    if (typeof map !== 'object' || Array.isArray(map))
      throw refuse(field, `is ${JSON.stringify(map)}; a map of names to numbers was expected`);
    return Object.entries(map).map(([pattern, value]) => {
      const expression = moduleExpression(pattern);
      if (!expression) throw refuse(field, `has "${pattern}", which is no regular expression here`);
      return { pattern, expression, value: read(value, `${field} of "${pattern}"`) };
    });
  };
  const dropout = number(fields.lora_dropout ?? 0, 'lora_dropout');
  if (dropout < 0 || dropout >= 1)
    throw refuse('lora_dropout', `is ${dropout}; at least 0 and below 1 was expected`);
  const baseModel = fields.base_model_name_or_path;
  return {
    rank: fields.r === undefined || fields.r === null ? null : wholeRank(fields.r, 'r'),
    alpha: number(fields.lora_alpha ?? DEFAULT_ALPHA, 'lora_alpha'),
    notes: notesOf(fields, fileName),
    rankPattern: patterns('rank_pattern', wholeRank),
    alphaPattern: patterns('alpha_pattern', number),
    rankStabilized: Boolean(fields.use_rslora),
    dropout,
    baseModel: typeof baseModel === 'string' ? baseModel : '',
  };
}

/** Alpha of PEFT's `LoraConfig` where none is given. */
const DEFAULT_ALPHA = 8;

/** What a config leaves open, or says of another kind of model whose modules are called the same (ViT, BEiT). */
function notesOf(fields: Record<string, unknown>, fileName: string): string[] {
  const notes: string[] = [];
  if (fields.lora_alpha === undefined || fields.lora_alpha === null)
    notes.push(`${fileName} has no lora_alpha; PEFT’s default, ${DEFAULT_ALPHA}, is taken.`);
  const { base_model_class: model, parent_library: library } = (fields.auto_mapping ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof model === 'string' && /^transformers\.models\.(?!dinov2\.)/.test(String(library)))
    notes.push(`${fileName} says that the adapter was made for ${model}, not for Dinov2Model.`);
  return notes;
}

function parseFields(content: string | Uint8Array, fileName: string): Record<string, unknown> {
  const remedy = 'Save the adapter with PEFT again.';
  let value: unknown;
  try {
    value = parseJson(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AdapterError(fileName, `not JSON (${reason})`, remedy);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new AdapterError(fileName, 'not a JSON object', remedy);
}

/** Whether a field says something other than "off": null, false, and empty lists and maps are off. */
function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false;
}
