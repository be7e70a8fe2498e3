import type { Dinov2Config } from '../weights/dinov2Config.ts';
import { parseIntegerTensors, parseSafetensors } from '../weights/safetensors/parse.ts';
import { ADAPTER_WEIGHTS_FILE, readAdapterConfig } from './adapterConfig.ts';
import { checkAdapter } from './check.ts';
import { AdapterError } from './errors.ts';
import type { PeftFiles } from './exportPeft.ts';
import { pairTensors, splitModule } from './loraTensors.ts';
import { LORA_TARGETS, modulePath } from './modules.ts';
import type { LoraAdapter } from './types.ts';

/**
 * Read a LoRA adapter that PEFT or this program saved. Known are adapters of Hugging Face's `Dinov2Model`, alone or
 * inside a model with a head, and of the torch-hub model, whose fused qkv is split. Numbers may be F32, F16, BF16 or F64.
 * @param config the encoder it is meant for
 * @throws AdapterError for an adapter that is not plain LoRA, or does not fit the encoder
 * @throws SafetensorsError for a damaged weights file
 */
export function importPeft(
  files: { weights: Uint8Array; config: PeftFiles['config'] },
  config: Dinov2Config,
): LoraAdapter {
  const settings = readAdapterConfig(files.config);
  const [integer] = parseIntegerTensors(files.weights, ADAPTER_WEIGHTS_FILE);
  if (integer) {
    throw new AdapterError(
      ADAPTER_WEIGHTS_FILE,
      `tensor "${integer[0]}" has dtype ${integer[1].dtype}; F32, F16, BF16 or F64 was expected`,
      'Choose a plain LoRA adapter of a DINOv2 encoder.',
    );
  }
  const modules = pairTensors(parseSafetensors(files.weights, ADAPTER_WEIGHTS_FILE));
  const tensors = Object.fromEntries(modules.flatMap((module) => splitModule(module, settings.rank, config)));
  const present = new Set(modules.map(({ target }) => target));
  const adapter: LoraAdapter = {
    ...settings,
    targets: LORA_TARGETS.filter(
      (target) => present.has(target) || (present.has('qkv') && isPartOfQkv(target)),
    ),
    layers: [...new Set(modules.map(({ layer }) => layer))].sort((a, b) => a - b),
    tensors,
    sharedA: false,
  };
  checkAdapter(adapter, ADAPTER_WEIGHTS_FILE);
  return { ...adapter, sharedA: hasSharedA(adapter) };
}

function isPartOfQkv(target: string): boolean {
  return target === 'query' || target === 'key' || target === 'value';
}

/** Whether query, key and value (those that are adapted) have the same A in each layer. */
function hasSharedA({ targets, layers, tensors }: LoraAdapter): boolean {
  const parts = targets.filter(isPartOfQkv);
  return layers.every((layer) => {
    const [first, ...others] = parts.map((part) => tensors[modulePath(layer, part)]!.A);
    return others.every((A) => A.every((value, i) => value === first![i]));
  });
}
