import { isFloatDtype } from '../weights/safetensors/dtypes.ts';
import type { TensorEntry } from '../weights/safetensors/header.ts';
import { type FloatTensor, parseSafetensors, readHeader } from '../weights/safetensors/parse.ts';
import type { AdapterFile } from './adapterFiles.ts';
import { AdapterError } from './errors.ts';
import { type FoundModule, isInEncoder, isPartOfQkv, parseModulePath, unwrappedPath } from './modules.ts';

/** A and B of one module as they are in the file. */
export interface ModuleTensors extends FoundModule {
  /** Path in the file without PEFT's prefix. */
  path: string;
  A: FloatTensor;
  B: FloatTensor;
}

/** What an adapter's weights file holds. */
export interface LoraTensors {
  modules: ModuleTensors[];
  /** Paths of what belongs to other parts of the model, such as a head. */
  outside: string[];
  /** Names of the adapters, where the file has them. */
  adapters: string[];
}

/** `<prefix><module path>.lora_A[.<adapter name>].weight`; the prefix and the name are left out by some tools. */
const KEY = /^(?:base_model\.model\.)?(.+)\.lora_(A|B)(?:\.([^.]+))?\.weight$/;

/** A module while its halves are looked for. */
interface Half extends FoundModule {
  path: string;
  adapter: string | undefined;
  A?: string;
  B?: string;
}

/**
 * Pair the A and B of every module of the encoder in an adapter's file. The encoder may be anywhere in a larger model,
 * at one place.
 * @throws AdapterError naming the tensor that belongs to no supported module of the encoder, lacks its other half, is no
 *   floating-point tensor, or is not finite; SafetensorsError for a damaged file
 */
export function readLoraTensors({ name: fileName, bytes }: AdapterFile): LoraTensors {
  const refuse = (problem: string) =>
    new AdapterError(fileName, problem, 'Choose a plain LoRA adapter of a DINOv2 encoder.');
  const { tensors: entries } = readHeader(bytes, fileName);
  const { halves, rest } = sortTensors(entries, refuse);
  const encoder = [...halves.values()][0]?.encoder;
  const outside = new Set<string>();
  for (const name of rest) {
    const path = KEY.exec(name)?.[1] ?? name.replace(/^base_model\.model\./, '');
    if (encoder === undefined || isInEncoder(unwrappedPath(path), encoder))
      throw refuse(`tensor "${name}" belongs to no module of a DINOv2 encoder that can be adapted here`);
    outside.add(path);
  }
  const dtypes = new Map(entries.map(({ name, dtype }) => [name, dtype]));
  const tensors = parseSafetensors(bytes, fileName);
  const read = (name: string): FloatTensor => {
    const dtype = dtypes.get(name)!;
    if (!isFloatDtype(dtype))
      throw refuse(`tensor "${name}" has dtype ${dtype}; F32, F16, BF16 or F64 was expected`);
    const tensor = tensors.get(name)!;
    const bad = tensor.values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw refuse(`tensor "${name}" holds ${tensor.values[bad]} at index ${bad}`);
    return tensor;
  };
  const modules = [...halves.values()].map(({ A, B, adapter: _, ...module }) => {
    if (A === undefined || B === undefined) throw refuse(`${module.path} has no lora_${A ? 'B' : 'A'}`);
    return { ...module, A: read(A), B: read(B) };
  });
  const adapters = new Set([...halves.values()].flatMap(({ adapter }) => adapter ?? []));
  return { modules, outside: [...outside], adapters: [...adapters] };
}

/** Tensors by module of the encoder, and the names of all others. */
function sortTensors(
  entries: readonly TensorEntry[],
  refuse: (problem: string) => AdapterError,
): { halves: Map<string, Half>; rest: string[] } {
  const halves = new Map<string, Half>();
  const rest: string[] = [];
  let first: { name: string; encoder: string } | undefined;
  for (const { name } of entries) {
    const [, path, letter, adapter] = KEY.exec(name) ?? [];
    const found = path === undefined ? undefined : parseModulePath(unwrappedPath(path));
    if (!found) {
      rest.push(name);
      continue;
    }
    first ??= { name, encoder: found.encoder };
    if (found.encoder !== first.encoder)
      throw refuse(`tensors "${first.name}" and "${name}" are of two encoders, and one can be adapted`);
    const id = `${found.layer}.${found.target}`;
    const half = letter as 'A' | 'B';
    const module = halves.get(id) ?? { ...found, path: path!, adapter };
    if (module.adapter !== adapter)
      throw refuse(
        `tensors "${module.A ?? module.B}" and "${name}" are of two adapters, and one can be used`,
      );
    const fused = found.target === 'qkv' ? ['query', 'key', 'value'] : ['qkv'];
    const isThere = fused.some((target) => halves.has(`${found.layer}.${target}`));
    if (module[half] !== undefined || module.path !== path || (isThere && isPartOfQkv(found.target)))
      throw refuse(`tensor "${name}" is there twice, under two names of its module`);
    module[half] = name;
    halves.set(id, module);
  }
  return { halves, rest };
}
