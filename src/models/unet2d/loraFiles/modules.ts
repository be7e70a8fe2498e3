import type { UNet2DConfig } from '../config.ts';
import { LORA_TARGETS, type LoraSite, type LoraTarget, loraSites } from '../loraSites.ts';
import { expectedUNet2DTensors } from '../tensors.ts';
import { ldmNames } from './ldmNames.ts';

/** Where a module is adapted here. */
export interface AdaptedAt {
  site: LoraSite;
  target: LoraTarget;
}

/** A module of the UNet that a LoRA can have been made for. */
export interface KnownModule {
  /** diffusers' path. */
  path: string;
  /** Undefined for a module that is not adapted here. */
  adapted: AdaptedAt | undefined;
}

/** kohya's prefix, and that of LyCORIS used by itself: dots are underscores behind them. */
const WITH_UNDERSCORES = /^(?:lora_unet|lycoris)_/;

/** Whole models around the UNet, and wrappers of it; saved twice over by some versions of diffusers. */
const WITH_DOTS = /^(?:base_model\.model\.|unet\.|model\.|module\.|diffusion_model\.)+/;

/** What PyTorch puts around compiled, sharded and checkpointed modules, wherever they are. */
const WRAPPERS = /_(?:orig_mod|fsdp_wrapped_module|checkpoint_wrapped_module)[._]/g;

/**
 * Modules of a UNet by the names files have for them: diffusers' or LDM's, with dots or underscores. A table, because
 * module names have underscores of their own.
 * @returns the module, or undefined for a name that is none of this UNet
 */
export function moduleFinder(config: UNet2DConfig): (name: string) => KnownModule | undefined {
  const adapted = new Map<string, AdaptedAt>();
  for (const target of LORA_TARGETS) {
    for (const site of loraSites(config, [target]))
      for (const module of site.modules) adapted.set(module, { site, target });
  }
  const byDots = new Map<string, KnownModule>();
  const byUnderscores = new Map<string, KnownModule>();
  const ldmName = ldmNames(config);
  for (const [tensor, shape] of expectedUNet2DTensors(config)) {
    // Normalizations have one row; a LoRA is on layers alone.
    if (shape.length < 2) continue;
    const path = tensor.replace(/\.weight$/, '');
    const module = { path, adapted: adapted.get(path) };
    for (const name of [path, ldmName(path)]) {
      byDots.set(name, module);
      byUnderscores.set(name.replaceAll('.', '_'), module);
    }
  }
  return (given) => {
    const name = given.replace(WRAPPERS, '');
    if (WITH_UNDERSCORES.test(name)) return byUnderscores.get(name.replace(WITH_UNDERSCORES, ''));
    return byDots.get(
      name
        .replace(WITH_DOTS, '')
        .replace('.processor.', '.')
        .replace(/\.to_out$/, '.to_out.0'),
    );
  };
}

/** The kind of a module that is not adapted, by which it is told of: `conv_shortcut`, `downsamplers`, `conv_in` and so on. */
export function moduleKind(path: string): string {
  const parts = path.split('.');
  const named = ['downsamplers', 'upsamplers', 'time_embedding'].find((part) => parts.includes(part));
  return named ?? parts.at(-1)!;
}
