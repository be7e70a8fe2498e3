import { parseSafetensors } from '../weights/safetensors/parse.ts';
import { type TensorToWrite, writeSafetensors } from '../weights/safetensors/write.ts';
import type { UNet2DConfig } from './config.ts';
import type { UNet2DAdapter } from './lora.ts';
import type { LoraPair } from './loraModules.ts';
import { LORA_TARGETS, type LoraSite, type LoraTarget, loraSites } from './loraSites.ts';

/** Names of the files as other programs expect them. */
export const DIFFUSERS_LORA_FILE = 'pytorch_lora_weights.safetensors';
export const KOHYA_LORA_FILE = 'kohya_lora.safetensors';

/** A LoRA file that does not fit the generator; the message names the tensor. */
export class UNetLoraFileError extends Error {
  override readonly name = 'UNetLoraFileError';
}

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

/**
 * Read a LoRA file in either layout. Modules of different rank are padded with zeros to the largest, alphas multiplied
 * into B: the same update at scale 1.
 * @throws UNetLoraFileError, SafetensorsError
 */
export function importUNetLora(bytes: Uint8Array, fileName: string, config: UNet2DConfig): UNet2DAdapter {
  const tensors = parseSafetensors(bytes, fileName);
  const sites = new Map<string, LoraSite & { target: LoraTarget }>();
  for (const target of LORA_TARGETS) {
    for (const site of loraSites(config, [target])) {
      for (const module of site.modules) sites.set(module, { ...site, target });
    }
  }
  const used = new Set<string>();
  const found: { path: string; site: LoraSite; A: Float32Array; B: Float32Array; rank: number }[] = [];
  const targets = new Set<LoraTarget>();
  for (const [path, site] of sites) {
    const names = [
      [`unet.${path}.lora_A.weight`, `unet.${path}.lora_B.weight`, `unet.${path}.alpha`],
      [
        `${kohyaName(path)}.lora_down.weight`,
        `${kohyaName(path)}.lora_up.weight`,
        `${kohyaName(path)}.alpha`,
      ],
    ].find(([down]) => tensors.has(down!)) as [string, string, string] | undefined;
    if (!names) continue;
    const [down, up, alphaName] = names;
    const [A, B] = [tensors.get(down)!, tensors.get(up)];
    if (!B) throw new UNetLoraFileError(`${fileName}: ${up} is missing beside ${down}. Get the file again.`);
    const rank = A.shape[0]!;
    const { inFeatures, outFeatures, taps } = site;
    if (A.values.length !== rank * inFeatures * taps || B.values.length !== outFeatures * rank) {
      throw new UNetLoraFileError(
        `${fileName}: ${down} is [${A.shape}] and ${up} [${B.shape}]; this generator's layer has ${inFeatures} inputs and ${outFeatures} outputs. The LoRA was made for another generator.`,
      );
    }
    const alpha = tensors.get(alphaName)?.values[0] ?? rank;
    for (const name of names) used.add(name);
    targets.add(site.target);
    found.push({ path, site, A: A.values, B: B.values.map((value) => (value * alpha) / rank), rank });
  }
  const stranger = [...tensors.keys()].find((name) => !used.has(name));
  if (found.length === 0 || stranger) {
    throw new UNetLoraFileError(
      found.length === 0
        ? `${fileName} has no LoRA of a UNet in diffusers' or kohya's layout.`
        : `${fileName}: ${stranger} belongs to no layer that can be adapted here. Text encoder LoRAs and other modules are not supported.`,
    );
  }
  const rank = Math.max(...found.map((module) => module.rank));
  const modules: Record<string, LoraPair> = {};
  for (const { path, site, A, B, rank: own } of found) {
    const { inFeatures, outFeatures, taps } = site;
    modules[path] = {
      A: padded(A, own, rank, inFeatures * taps, 1),
      B: padded(B, own, rank, 1, outFeatures),
      ...{ inFeatures, outFeatures, taps },
    };
  }
  return { rank, alpha: rank, targets: LORA_TARGETS.filter((target) => targets.has(target)), modules };
}

/** kohya's name of a module: dots become underscores. */
export function kohyaName(path: string): string {
  return `lora_unet_${path.replaceAll('.', '_')}`;
}

function tensorsOf({ A, B, inFeatures, outFeatures, taps }: LoraPair, rank: number) {
  const side = Math.sqrt(taps);
  const conv = taps > 1;
  return {
    down: { shape: conv ? [rank, inFeatures, side, side] : [rank, inFeatures], values: A },
    up: { shape: conv ? [outFeatures, rank, 1, 1] : [outFeatures, rank], values: B },
  };
}

/** `outer` blocks of `own` rows of `inner` numbers, with rows of zeros up to `rank`. */
function padded(values: Float32Array, own: number, rank: number, inner: number, outer: number): Float32Array {
  if (own === rank) return values;
  const wide = new Float32Array(outer * rank * inner);
  for (let i = 0; i < outer; i++)
    wide.set(values.subarray(i * own * inner, (i + 1) * own * inner), i * rank * inner);
  return wide;
}
