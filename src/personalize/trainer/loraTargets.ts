import type { LoraSite } from '../../models/vit/lora.ts';
import type { LoraTargets } from '../settings.ts';

/** Sites in each layer that a setting names. */
export function loraSites(targets: LoraTargets): LoraSite[] {
  const sites: Record<LoraTargets, LoraSite[]> = {
    qkv: ['qkv'],
    'qkv+output': ['qkv', 'output'],
    'qkv+output+mlp': ['qkv', 'output', 'fc1', 'fc2'],
  };
  return sites[targets];
}

/** Indices of the adapted layers of `count`. */
export function loraLayers(count: number, lastLayers: 'all' | number): number[] {
  const adapted = lastLayers === 'all' ? count : Math.max(1, Math.min(count, lastLayers));
  return Array.from({ length: adapted }, (_, i) => count - adapted + i);
}
