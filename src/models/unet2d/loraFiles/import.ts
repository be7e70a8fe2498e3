import { parseTensors } from '../../weights/safetensors/parse.ts';
import type { UNet2DConfig } from '../config.ts';
import type { UNet2DAdapter } from '../lora.ts';
import type { LoraPair } from '../loraModules.ts';
import { LORA_TARGETS } from '../loraSites.ts';
import { UNetLoraFileError } from './errors.ts';
import { counterpart } from './keys.ts';
import { joinMid, type ModuleTensors, padded, rankOf, weightsOf } from './matrices.ts';
import { readAdapterMetadata } from './metadata.ts';
import { moduleFinder } from './modules.ts';
import { leftOutWords, notesOf } from './notes.ts';
import { type SortedModule, type SortedTensors, sortTensors } from './sort.ts';
import { type Strength, strengthOf } from './strengths.ts';

/** A LoRA as it was read. */
export interface ImportedLora {
  adapter: UNet2DAdapter;
  /** What was left out or taken for granted, one sentence each. */
  notes: string[];
}

/** A module's own rank and strength. */
interface Sized extends Strength {
  rank: number;
  tensors: ModuleTensors;
}

/**
 * Read a LoRA of a UNet in any usual layout: peft's, diffusers' (`lora.down`, old attention processors) and kohya's, by
 * diffusers' or LDM's module names. Strengths are multiplied into B, and ranks padded with zeros to the largest one that
 * the kernels take: the same update at scale 1.
 * @param fileName for messages
 * @throws UNetLoraFileError for a file that would not give the update it was saved with, naming the tensor
 * @throws SafetensorsError for a damaged file
 */
export function importUNetLora(bytes: Uint8Array, fileName: string, config: UNet2DConfig): ImportedLora {
  const { tensors, metadata } = parseTensors(bytes, fileName);
  const sorted = sortTensors(tensors, moduleFinder(config), fileName);
  checkFound(sorted, fileName);
  const settings = readAdapterMetadata(metadata, fileName);
  const sized = new Map<SortedModule, Sized>();
  for (const module of sorted.modules) {
    const whole = wholePair(module, fileName);
    const rank = rankOf(whole, module.site, fileName);
    sized.set(module, { rank, tensors: whole, ...strengthOf(module, rank, settings, fileName) });
  }
  // After the sizes, which say better how a LoRA of another generator differs.
  checkNothingElse(sorted, fileName);
  const rank = rankFor([...sized]);
  const modules: Record<string, LoraPair> = {};
  for (const [module, own] of sized) modules[module.path] = readPair(module, own, rank, fileName);
  const targets = LORA_TARGETS.filter((target) => sorted.modules.some((module) => module.target === target));
  return { adapter: { rank, alpha: rank, targets, modules }, notes: notesOf(sorted, sized, fileName) };
}

function checkFound(sorted: SortedTensors, fileName: string): void {
  const { modules, leftOut, strangers } = sorted;
  if (modules.length > 0 || strangers.length > 0) return;
  throw new UNetLoraFileError(
    leftOut.size > 0
      ? `${fileName} has nothing that can be adapted here, only ${leftOutWords(sorted)}. Choose a LoRA of the UNet.`
      : `${fileName} has no LoRA of a UNet in diffusers’, peft’s or kohya’s layout. Choose another file.`,
  );
}

function checkNothingElse(sorted: SortedTensors, fileName: string): void {
  const [stranger] = sorted.strangers;
  if (stranger) {
    const xl = sorted.secondTextEncoder ? ' with a second text encoder, such as Stable Diffusion XL' : '';
    throw new UNetLoraFileError(
      `${fileName}: ${stranger.name} [${stranger.shape.join(', ')}] belongs to no layer of this generator. The LoRA was made for another generator${xl}.`,
    );
  }
  const [unknown] = sorted.unknown;
  if (unknown === undefined) return;
  throw new UNetLoraFileError(
    `${fileName}: ${unknown} is no part of a LoRA that is known here, and without it the LoRA might do something else. Choose a plain LoRA.`,
  );
}

function wholePair(
  { path, tensors: { down, up, mid, alpha } }: SortedModule,
  fileName: string,
): ModuleTensors {
  if (down && up) return { down, up, mid };
  const half = down ?? up;
  throw new UNetLoraFileError(
    half
      ? `${fileName}: ${counterpart(half.name)} is missing beside ${half.name}. Get the file again.`
      : `${fileName}: ${(mid ?? alpha)!.name} is all there is of ${path}; its matrices down and up are missing. Get the file again.`,
  );
}

/** The largest rank, for convolutions the next multiple of four: their kernels read channels four by four. */
function rankFor(sized: [SortedModule, Sized][]): number {
  const largest = Math.max(...sized.map(([, { rank }]) => rank));
  return sized.some(([{ site }]) => site.taps > 1) ? Math.ceil(largest / 4) * 4 : largest;
}

function readPair(
  { site: { inFeatures, outFeatures, taps, pointwise } }: SortedModule,
  { rank: own, tensors: { down, up, mid }, alpha, divisor }: Sized,
  rank: number,
  fileName: string,
): LoraPair {
  const a = weightsOf(down, fileName);
  const A = mid ? joinMid(a, weightsOf(mid, fileName), own, taps) : a;
  const B = weightsOf(up, fileName).map((value) => (value * alpha) / divisor);
  if (!A.every(Number.isFinite) || !B.every(Number.isFinite)) {
    throw new UNetLoraFileError(
      `${fileName}: ${up.name} at the strength of ${alpha / divisor} is more than a number can hold. Choose another file.`,
    );
  }
  return {
    A: padded(A, own, rank, inFeatures * taps, 1),
    B: padded(B, own, rank, 1, outFeatures),
    ...{ inFeatures, outFeatures, taps, ...(pointwise ? { pointwise } : {}) },
  };
}
