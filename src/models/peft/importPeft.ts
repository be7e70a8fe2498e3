import type { VitConfig } from '../vit/config.ts';
import { readAdapterConfig } from './adapterConfig.ts';
import { type AdapterFile, chooseAdapterFiles } from './adapterFiles.ts';
import { assembleAdapter } from './assemble.ts';
import { checkAdapter } from './check.ts';
import { readLoraTensors } from './loraTensors.ts';
import type { LoraAdapter } from './types.ts';

/** An adapter that was read, and what its user should know, one sentence each. */
export interface ReadAdapter {
  adapter: LoraAdapter;
  notes: string[];
}

/** Modules that a note names before it counts the rest. */
const NAMED = 6;

/**
 * Read a LoRA adapter that PEFT or this program saved. Known are adapters of Hugging Face's `Dinov2Model` and of the
 * torch-hub model, whose fused qkv is split, wherever in a larger model the encoder was. Numbers may be F32, F16, BF16 or
 * F64. Ranks and alphas of single modules, and modules that only some layers have, give an adapter of the same updates.
 * @param files those of the adapter, and whatever lies beside them
 * @param config the encoder it is meant for
 * @throws AdapterError for an adapter that is not plain LoRA, or does not fit the encoder
 * @throws SafetensorsError for a damaged weights file
 */
export function importPeft(files: readonly AdapterFile[], config: VitConfig): ReadAdapter {
  const chosen = chooseAdapterFiles(files);
  const names = { weights: chosen.weights.name, config: chosen.config.name };
  const settings = readAdapterConfig(chosen.config.bytes, names.config);
  const { modules, outside, adapters } = readLoraTensors(chosen.weights);
  const { adapter, notes } = assembleAdapter({ modules, settings, config, names });
  checkAdapter(adapter, names.weights);
  return {
    adapter,
    notes: [
      ...chosen.notes,
      ...leftOut(outside),
      ...severalOf(adapters, names.weights),
      ...settings.notes,
      ...notes,
    ],
  };
}

function severalOf(adapters: readonly string[], fileName: string): string[] {
  if (adapters.length < 2) return [];
  return [`${fileName} has several adapters of different layers, taken together: ${adapters.join(', ')}.`];
}

function leftOut(outside: readonly string[]): string[] {
  if (outside.length === 0) return [];
  const more = outside.length > NAMED ? ` and ${outside.length - NAMED} more` : '';
  return [`Left out, as it is no part of the encoder: ${outside.slice(0, NAMED).join(', ')}${more}.`];
}
