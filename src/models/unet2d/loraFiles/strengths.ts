import { UNetLoraFileError } from './errors.ts';
import { alphaOf } from './matrices.ts';
import type { AdapterMetadata } from './metadata.ts';
import type { SortedModule } from './sort.ts';

/** By what a module's update is multiplied: alpha / divisor. */
export interface Strength {
  alpha: number;
  /** The rank, or its root where peft stabilized the rank. */
  divisor: number;
  /** Whether the file says so; else 1 was taken. */
  said: boolean;
}

/**
 * The strength of a module: by its alpha tensor, else by peft's settings in the metadata, else 1, as every program takes a
 * LoRA without either.
 * @throws UNetLoraFileError naming an alpha that is no number, or metadata that contradict the tensors
 */
export function strengthOf(
  { path, tensors: { alpha: tensor, down } }: SortedModule,
  rank: number,
  metadata: AdapterMetadata | undefined,
  fileName: string,
): Strength {
  if (tensor) return { alpha: alphaOf(tensor, fileName), divisor: rank, said: true };
  if (!metadata) return { alpha: rank, divisor: rank, said: false };
  const expected = metadata.rankOf(path) ?? rank;
  if (expected !== rank) {
    throw new UNetLoraFileError(
      `${fileName}: ${down?.name} has rank ${rank}, its lora_adapter_metadata say ${expected}, so the strength of the LoRA is not known. Get or save it again.`,
    );
  }
  const divisor = metadata.rankStabilized ? Math.sqrt(rank) : rank;
  return { alpha: metadata.alphaOf(path), divisor, said: true };
}
