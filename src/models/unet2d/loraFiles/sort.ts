import type { StoredTensor } from '../../weights/safetensors/parse.ts';
import { UNetLoraFileError } from './errors.ts';
import { type LoraRole, otherPart, parseKey } from './keys.ts';
import { otherKind } from './kinds.ts';
import type { NamedTensor } from './matrices.ts';
import { type AdaptedAt, type KnownModule, moduleKind } from './modules.ts';

/** Tensors of one module that is adapted here. */
export interface SortedModule extends AdaptedAt {
  /** diffusers' path. */
  path: string;
  tensors: Partial<Record<LoraRole, NamedTensor>>;
  /** Whether peft wrote it, whose scale is in a file of its own. */
  ofPeft: boolean;
  /** Name of the adapter, where peft wrote it. */
  adapter: string | undefined;
}

/** A file's tensors by what is done with them. */
export interface SortedTensors {
  modules: SortedModule[];
  /** Modules that are not adapted, by kind. */
  leftOut: Map<string, Set<string>>;
  /** LoRA tensors of no module of this generator. */
  strangers: NamedTensor[];
  /** Tensors that are no part of a LoRA. */
  unknown: string[];
  /** Whether the file has parts for the second text encoder of Stable Diffusion XL. */
  secondTextEncoder: boolean;
}

/**
 * Sort the tensors of a file by module.
 * @throws UNetLoraFileError for a file of another kind of adapter, or with two adapters of one layer
 */
export function sortTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  find: (name: string) => KnownModule | undefined,
  fileName: string,
): SortedTensors {
  const modules = new Map<string, SortedModule>();
  const sorted: Omit<SortedTensors, 'modules'> = {
    ...{ leftOut: new Map(), strangers: [], unknown: [], secondTextEncoder: false },
  };
  const leaveOut = (kind: string, module: string) => {
    const names = sorted.leftOut.get(kind) ?? new Set();
    sorted.leftOut.set(kind, names.add(module));
  };
  for (const [name, tensor] of tensors) {
    const key = parseKey(name);
    const part = otherPart(name);
    if (part) {
      leaveOut(part, key?.module ?? name.replace(/\.[^.]+$/, ''));
      sorted.secondTextEncoder ||= /^(?:lora_te2_|text_encoder_2\.|(?:text_encoders\.)?clip_g\.)/.test(name);
      continue;
    }
    const kind = otherKind(name);
    if (kind) {
      throw new UNetLoraFileError(
        `${fileName}: ${name} makes it ${kind}, which is not supported here. Choose a plain LoRA.`,
      );
    }
    if (!key) {
      sorted.unknown.push(name);
      continue;
    }
    const module = find(key.module);
    if (!module) sorted.strangers.push({ ...tensor, name });
    else if (!module.adapted) leaveOut(moduleKind(module.path), module.path);
    else {
      const entry = modules.get(module.path) ?? {
        ...{ path: module.path, ...module.adapted, tensors: {}, ofPeft: false, adapter: key.adapter },
      };
      modules.set(module.path, entry);
      const split = key.adapter !== entry.adapter ? Object.values(entry.tensors)[0] : undefined;
      const other = entry.tensors[key.role] ?? (key.role === 'alpha' ? undefined : split);
      if (other) {
        throw new UNetLoraFileError(
          `${fileName}: ${other.name} and ${name} are for the same layer, so it is not clear which to use. Choose a file with one LoRA.`,
        );
      }
      entry.tensors[key.role] = { ...tensor, name };
      entry.ofPeft ||= key.adapter !== undefined || name.includes('base_model.model.');
    }
  }
  return { ...sorted, modules: [...modules.values()] };
}
