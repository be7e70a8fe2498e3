import { writeSafetensors } from '../weights/safetensors/write.ts';
import { writeAdapterConfig } from './adapterConfig.ts';
import { checkAdapter } from './check.ts';
import type { LoraAdapter } from './types.ts';

/** Contents of the two files of an adapter as PEFT saves them. */
export interface PeftFiles {
  /** `adapter_model.safetensors` */
  weights: Uint8Array<ArrayBuffer>;
  /** `adapter_config.json` */
  config: string;
}

/** PEFT puts the encoder inside `base_model.model` of its own model. */
const PREFIX = 'base_model.model.';

/**
 * An adapter as the two files of PEFT, for `PeftModel.from_pretrained(Dinov2Model, folder)`. Keys are
 * `base_model.model.<module path>.lora_A.weight` [r, in] and `.lora_B.weight` [out, r]; an A that query, key and value
 * share is written once for each, as PEFT shares none.
 * @throws AdapterError when the adapter is not whole
 */
export function exportPeft(adapter: LoraAdapter): PeftFiles {
  checkAdapter(adapter);
  const tensors: Parameters<typeof writeSafetensors>[0] = {};
  for (const [path, { A, B, inFeatures, outFeatures }] of Object.entries(adapter.tensors)) {
    tensors[`${PREFIX}${path}.lora_A.weight`] = { shape: [adapter.rank, inFeatures], values: A };
    tensors[`${PREFIX}${path}.lora_B.weight`] = { shape: [outFeatures, adapter.rank], values: B };
  }
  // PyTorch's readers look for this mark.
  return { weights: writeSafetensors(tensors, { format: 'pt' }), config: writeAdapterConfig(adapter) };
}
