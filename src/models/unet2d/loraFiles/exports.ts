import { type TensorToWrite, writeSafetensors } from '../../weights/safetensors/write.ts';
import type { UNet2DAdapter } from '../lora.ts';
import type { LoraPair } from '../loraModules.ts';

/** Names of the files as other programs expect them. */
export const DIFFUSERS_LORA_FILE = 'pytorch_lora_weights.safetensors';
export const KOHYA_LORA_FILE = 'kohya_lora.safetensors';

/**
 * In diffusers' layout (`pipeline.load_lora_weights`): `unet.<module>.lora_A.weight` and `lora_B`, peft's names. The scale
 * alpha/rank is multiplied into B, so that readers that know no alpha get the same update.
 */
export function exportDiffusersLora({ rank, alpha, modules }: UNet2DAdapter): Uint8Array<ArrayBuffer> {
  const scale = alpha / rank;
  const tensors: Record<string, TensorToWrite> = {};
  for (const [path, module] of Object.entries(modules)) {
    const scaled = { ...module, B: module.B.map((value) => value * scale) };
    const { down, up } = tensorsOf(scaled, rank);
    tensors[`unet.${path}.lora_A.weight`] = down;
    tensors[`unet.${path}.lora_B.weight`] = up;
  }
  return writeSafetensors(tensors, { format: 'pt' });
}

/** In kohya's layout (A1111, ComfyUI): `lora_unet_<module with underscores>.lora_down.weight`, `lora_up`, `alpha`. */
export function exportKohyaLora({ rank, alpha, modules }: UNet2DAdapter): Uint8Array<ArrayBuffer> {
  const tensors: Record<string, TensorToWrite> = {};
  for (const [path, module] of Object.entries(modules)) {
    const name = kohyaName(path);
    const { down, up } = tensorsOf(module, rank);
    tensors[`${name}.lora_down.weight`] = down;
    tensors[`${name}.lora_up.weight`] = up;
    tensors[`${name}.alpha`] = { shape: [], values: Float32Array.of(alpha) };
  }
  const metadata = { ss_network_dim: String(rank), ss_network_alpha: String(alpha) };
  return writeSafetensors(tensors, { ...metadata, ss_network_module: 'networks.lora' });
}

/** kohya's name of a module: dots become underscores. */
export function kohyaName(path: string): string {
  return `lora_unet_${path.replaceAll('.', '_')}`;
}

function tensorsOf({ A, B, inFeatures, outFeatures, taps, pointwise }: LoraPair, rank: number) {
  const side = Math.sqrt(taps);
  const conv = taps > 1 || pointwise;
  return {
    down: { shape: conv ? [rank, inFeatures, side, side] : [rank, inFeatures], values: A },
    up: { shape: conv ? [outFeatures, rank, 1, 1] : [outFeatures, rank], values: B },
  };
}
