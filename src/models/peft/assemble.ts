import type { VitConfig } from '../vit/config.ts';
import type { FloatTensor } from '../weights/safetensors/parse.ts';
import type { AdapterSettings } from './adapterConfig.ts';
import { AdapterError } from './errors.ts';
import type { ModuleTensors } from './loraTensors.ts';
import { findPattern, type ModulePattern } from './modulePatterns.ts';
import {
  isPartOfQkv,
  LORA_TARGETS,
  moduleFeatures,
  moduleNames,
  modulePath,
  unwrappedPath,
} from './modules.ts';
import type { LoraAdapter, LoraPair, LoraTarget } from './types.ts';

/** A module whose rank and scale are known: ΔW = scale·B·A. */
interface ScaledModule extends ModuleTensors {
  rank: number;
  scale: number;
}

/** What an adapter is put together from. */
export interface AdapterParts {
  modules: readonly ModuleTensors[];
  settings: AdapterSettings;
  /** The encoder it is read for. */
  config: VitConfig;
  /** Names of the files, for messages. */
  names: { weights: string; config: string };
}

/**
 * One adapter with one rank, one alpha and the same targets in every layer, whose updates are those of the file. A pair
 * of a smaller rank gets zeros, one of another scale has the difference multiplied into B, and a module that the file
 * leaves as it is gets zeros alone.
 * @throws AdapterError naming the tensor whose shape does not fit the encoder or the rank
 */
export function assembleAdapter(parts: AdapterParts): { adapter: LoraAdapter; notes: string[] } {
  const { modules, settings, config, names } = parts;
  if (modules.length === 0)
    throw new AdapterError(names.weights, 'it adapts no layer', 'Train it again, or choose another adapter.');
  const notes: string[] = [];
  const commonRank = settings.rank ?? rankOfTensors(parts);
  if (settings.rank === null)
    notes.push(`${names.config} has no r; the rank of the tensors, ${commonRank}, is taken.`);
  const used = new Set<ModulePattern>();
  const scaled = modules.map((module): ScaledModule => {
    const known = namesOf(module);
    const rankEntry = findPattern(settings.rankPattern, known);
    const alphaEntry = findPattern(settings.alphaPattern, known);
    for (const entry of [rankEntry, alphaEntry]) if (entry) used.add(entry);
    const rank = rankEntry?.value ?? commonRank;
    checkModule(module, rank, parts);
    return { ...module, rank, scale: scaleOf(settings, alphaEntry?.value ?? settings.alpha, rank) };
  });
  const unused = [...settings.rankPattern, ...settings.alphaPattern].filter((entry) => !used.has(entry));
  if (unused.length > 0) {
    const patterns = [...new Set(unused.map(({ pattern }) => `"${pattern}"`))].join(', ');
    notes.push(`The patterns ${patterns} of ${names.config} match none of the adapted modules.`);
  }
  const rank = Math.max(...scaled.map((module) => module.rank));
  // A scale of zero could be made no other module's by multiplying.
  const scale = scaled.find((module) => module.scale !== 0)?.scale ?? 0;
  const targets = LORA_TARGETS.filter((target) =>
    scaled.some((module) => module.target === target || (module.target === 'qkv' && isPartOfQkv(target))),
  );
  const layers = [...new Set(scaled.map(({ layer }) => layer))].sort((a, b) => a - b);
  const given = Object.fromEntries(scaled.flatMap((module) => splitModule(module, rank, scale, config)));
  const tensors: LoraAdapter['tensors'] = {};
  for (const layer of layers) {
    for (const target of targets) {
      const path = modulePath(layer, target);
      tensors[path] = given[path] ?? zeroPair(config, target, rank);
    }
  }
  const alpha = scale === settings.alpha / rank ? settings.alpha : scale * rank;
  const adapter = { rank, alpha, dropout: settings.dropout, baseModel: settings.baseModel, targets, layers };
  return { adapter: { ...adapter, tensors, sharedA: hasSharedA(targets, layers, tensors) }, notes };
}

/** Paths by which patterns may mean a module: first as the file has it. */
function namesOf(module: ModuleTensors): string[] {
  return [module.path, unwrappedPath(module.path), ...moduleNames(module)];
}

function scaleOf({ rankStabilized }: AdapterSettings, alpha: number, rank: number): number {
  return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
}

/** The rank that all tensors agree on where no pattern gives them one. */
function rankOfTensors({ modules, settings, names }: AdapterParts): number {
  const plain = modules.filter((module) => !findPattern(settings.rankPattern, namesOf(module)));
  const [first, ...others] = plain.length > 0 ? plain : modules;
  const rank = first!.A.shape[0]!;
  const other = plain.length > 0 ? others.find(({ A }) => A.shape[0] !== rank) : undefined;
  if (!other) return rank;
  const ranks = `${first!.path}.lora_A has rank ${rank}, ${other.path}.lora_A has rank ${other.A.shape[0]}`;
  throw new AdapterError(
    names.weights,
    `${ranks}, and ${names.config} says neither r nor rank_pattern`,
    'Save the adapter with PEFT again.',
  );
}

function checkModule(module: ModuleTensors, rank: number, { config, names }: AdapterParts): void {
  const { layer, target, path, A, B } = module;
  const refuse = (problem: string) =>
    new AdapterError(
      names.weights,
      problem,
      'Load the encoder that the adapter was trained for, then import it again.',
    );
  if (layer >= config.layers)
    throw refuse(`${path} is in layer ${layer}, but the encoder has ${config.layers} layers`);
  const { inFeatures, outFeatures } = moduleFeatures(config, target);
  const check = (name: string, { shape }: FloatTensor, expected: [number, number]) => {
    if (shape.length === 2 && shape.every((size, i) => size === expected[i])) return;
    const sizes = `is [${shape.join(', ')}]; this encoder and the rank in ${names.config} ask for`;
    throw refuse(`${name} ${sizes} [${expected.join(', ')}]`);
  };
  check(`${path}.lora_A`, A, [rank, inFeatures]);
  check(`${path}.lora_B`, B, [outFeatures, rank]);
}

/**
 * The pairs of a module by their paths in `Dinov2Model`, at the adapter's rank and scale. A fused qkv gives three pairs
 * that share A, and the upper, middle and lower third of the rows of B.
 */
function splitModule(
  { layer, target, A, B, rank: own, scale: ownScale }: ScaledModule,
  rank: number,
  scale: number,
  config: VitConfig,
): [path: string, pair: LoraPair][] {
  const { inFeatures, outFeatures } = moduleFeatures(config, target);
  const wideA = new Float32Array(rank * inFeatures);
  wideA.set(A.values);
  const factor = ownScale === scale ? 1 : ownScale / scale;
  const wideB = new Float32Array(outFeatures * rank);
  for (let row = 0; row < outFeatures; row++)
    for (let i = 0; i < own; i++) wideB[row * rank + i] = factor * B.values[row * own + i]!;
  if (target !== 'qkv') return [[modulePath(layer, target), { A: wideA, B: wideB, inFeatures, outFeatures }]];
  const third = wideB.length / 3;
  return (['query', 'key', 'value'] satisfies LoraTarget[]).map((part, i) => [
    modulePath(layer, part),
    {
      A: wideA.slice(),
      B: wideB.slice(i * third, (i + 1) * third),
      inFeatures,
      outFeatures: outFeatures / 3,
    },
  ]);
}

function zeroPair(config: VitConfig, target: LoraTarget, rank: number): LoraPair {
  const { inFeatures, outFeatures } = moduleFeatures(config, target);
  const [A, B] = [new Float32Array(rank * inFeatures), new Float32Array(outFeatures * rank)];
  return { A, B, inFeatures, outFeatures };
}

/** Whether query, key and value (those that are adapted) have the same A in each layer. */
function hasSharedA(
  targets: readonly LoraTarget[],
  layers: readonly number[],
  tensors: LoraAdapter['tensors'],
): boolean {
  const parts = targets.filter(isPartOfQkv);
  return layers.every((layer) => {
    const [first, ...others] = parts.map((part) => tensors[modulePath(layer, part)]!.A);
    return others.every((A) => A.every((value, i) => value === first![i]));
  });
}
