/** What a tensor of a LoRA is to its module. `mid` is LyCORIS' core of a 3×3 convolution between two 1×1 ones. */
export type LoraRole = 'down' | 'up' | 'mid' | 'alpha';

/** The name of a tensor, taken apart. */
export interface LoraKey {
  /** As the file has it, with its prefix. */
  module: string;
  role: LoraRole;
  /** The adapter's name, where peft wrote it. */
  adapter: string | undefined;
}

const PEFT = /^(.+?)\.lora_([AB])(?:\.([^.]+))?\.weight$/;

/** kohya's `X.lora_down`, diffusers' `X.lora.down`, its old attention processors' `X_lora.down`. */
const DOWN_UP = /^(.+?)(?:\.lora_|_lora\.|\.lora\.|\.lora_linear_layer\.)(down|up|mid)\.weight$/;

const ALPHA = /^(.+?)(?:_lora|\.lora|\.lora_linear_layer)?(?:\.down\.weight)?\.alpha$/;

/** Take a tensor's name apart; undefined for one that is no part of a LoRA. */
export function parseKey(name: string): LoraKey | undefined {
  const peft = PEFT.exec(name);
  if (peft) return { module: peft[1]!, role: peft[2] === 'A' ? 'down' : 'up', adapter: peft[3] };
  const pair = DOWN_UP.exec(name);
  if (pair) return { module: pair[1]!, role: pair[2] as LoraRole, adapter: undefined };
  const alpha = ALPHA.exec(name);
  return alpha ? { module: alpha[1]!, role: 'alpha', adapter: undefined } : undefined;
}

const OPPOSITE: Record<string, string> = { lora_A: 'lora_B', lora_B: 'lora_A', down: 'up', up: 'down' };

/** Name of the other matrix of a pair. */
export function counterpart(name: string): string {
  return name.replace(
    /lora_[AB](?=\.(?:[^.]+\.)?weight$)|(?:down|up)(?=\.weight$)/,
    (half) => OPPOSITE[half]!,
  );
}

/** kohya's, LyCORIS', diffusers', LDM's and ComfyUI's names of it. */
const TEXT_ENCODER =
  /^(?:lora_te\d?_|lycoris_text_model_|(?:base_model\.model\.)*(?:text_encoders?(?:_\d)?|text_model|cond_stage_model|clip_[lgh])\.)/;

/** Embeddings of words that trainers put into the same file: kohya's, A1111's, SDXL's, diffusers'. */
const EMBEDDING = /^(?:bundle_emb\..*|emb_params|clip_[lg]|string_to_param\..*|<.*>)$/;

/** Which part of a generator other than the UNet a tensor belongs to, in words; undefined for the UNet's. */
export function otherPart(name: string): string | undefined {
  if (TEXT_ENCODER.test(name)) return 'text encoder';
  return EMBEDDING.test(name) ? 'embeddings of words' : undefined;
}
