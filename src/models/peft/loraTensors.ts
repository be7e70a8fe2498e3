import type { Dinov2Config } from '../weights/dinov2Config.ts';
import type { FloatTensor } from '../weights/safetensors/parse.ts';
import { ADAPTER_WEIGHTS_FILE } from './adapterConfig.ts';
import { AdapterError } from './errors.ts';
import { type ModulePlace, moduleFeatures, modulePath, parseModulePath } from './modules.ts';
import type { LoraPair, LoraTarget } from './types.ts';

/** A and B of one module as they are in the file. */
export interface ModuleTensors extends ModulePlace {
  /** Path in the file, for messages. */
  path: string;
  A: FloatTensor;
  B: FloatTensor;
}

/** `<prefix><module path>.lora_A[.<adapter name>].weight`; the prefix and the name are left out by some tools. */
const KEY = /^(?:base_model\.model\.)?(.+)\.lora_(A|B)(?:\.[^.]+)?\.weight$/;

/**
 * Pair the A and B of every module of an adapter's file.
 * @throws AdapterError naming the tensor that belongs to no supported module, or lacks its other half
 */
export function pairTensors(tensors: ReadonlyMap<string, FloatTensor>): ModuleTensors[] {
  const modules = new Map<string, ModulePlace & { path: string; A?: FloatTensor; B?: FloatTensor }>();
  for (const [key, tensor] of tensors) {
    const [, path, half] = KEY.exec(key) ?? [];
    const place = path === undefined ? undefined : parseModulePath(path);
    if (!place)
      throw refuse(`tensor "${key}" belongs to no module of a DINOv2 encoder that can be adapted here`);
    const id = `${place.layer}.${place.target}`;
    const module = modules.get(id) ?? { ...place, path: path! };
    const name = half as 'A' | 'B';
    if (module[name]) throw refuse(`tensor "${key}" is there twice, under two names of its module`);
    module[name] = tensor;
    modules.set(id, module);
  }
  return [...modules.values()].map(({ A, B, ...place }) => {
    if (A && B) return { ...place, A, B };
    throw refuse(`${place.path} has no lora_${A ? 'B' : 'A'}`);
  });
}

/**
 * The pairs of a module by their paths in `Dinov2Model`. A fused qkv gives three pairs that share A, and the upper,
 * middle and lower third of the rows of B.
 * @throws AdapterError naming the tensor whose shape does not fit the encoder or the rank
 */
export function splitModule(
  { layer, target, path, A, B }: ModuleTensors,
  rank: number,
  config: Dinov2Config,
): [path: string, pair: LoraPair][] {
  if (layer >= config.numHiddenLayers) {
    throw refuse(
      `${path} is in layer ${layer}, but the encoder has ${config.numHiddenLayers} layers`,
      OTHER_ENCODER,
    );
  }
  const { inFeatures, outFeatures } = moduleFeatures(config, target);
  checkShape(`${path}.lora_A`, A, [rank, inFeatures]);
  checkShape(`${path}.lora_B`, B, [outFeatures, rank]);
  if (target !== 'qkv') {
    return [[modulePath(layer, target), { A: A.values, B: B.values, inFeatures, outFeatures }]];
  }
  const third = B.values.length / 3;
  return (['query', 'key', 'value'] satisfies LoraTarget[]).map((part, i) => [
    modulePath(layer, part),
    {
      A: A.values.slice(),
      B: B.values.slice(i * third, (i + 1) * third),
      inFeatures,
      outFeatures: outFeatures / 3,
    },
  ]);
}

const OTHER_ENCODER = 'Load the encoder that the adapter was trained for, then import it again.';

function checkShape(name: string, { shape }: FloatTensor, expected: [number, number]): void {
  if (shape.length === 2 && shape.every((size, i) => size === expected[i])) return;
  const sizes = `is [${shape.join(', ')}]; this encoder and the rank in adapter_config.json ask for`;
  throw refuse(`${name} ${sizes} [${expected.join(', ')}]`, OTHER_ENCODER);
}

function refuse(problem: string, remedy = 'Choose a plain LoRA adapter of a DINOv2 encoder.'): AdapterError {
  return new AdapterError(ADAPTER_WEIGHTS_FILE, problem, remedy);
}
