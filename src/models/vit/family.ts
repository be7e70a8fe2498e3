import type { VitConfig } from './config.ts';
import type { ConfigFields } from './fields.ts';

/** Spellings of one tensor's name, the usual one first: files of newer and older programs differ. */
export type Spellings = readonly string[];

/**
 * What a family calls its tensors, without `.weight` and `.bias` where both exist. Names of a layer's tensors follow those of the
 * layer, of which `N` is the number.
 */
export interface VitNames {
  /** Before all names: nothing, or what models with a head on top put there. */
  prefixes: Spellings;
  classToken?: Spellings;
  registers?: Spellings;
  positions?: Spellings;
  patch: Spellings;
  preNorm?: Spellings;
  layer: Spellings;
  norm1: Spellings;
  query: Spellings;
  key: Spellings;
  value: Spellings;
  output: Spellings;
  scale1?: Spellings;
  norm2: Spellings;
  /** The two layers of a plain MLP. */
  fc1: Spellings;
  fc2: Spellings;
  /** Those of a gated one: gate and up below each other in one tensor, or in two; then the way back. */
  gated?: { first: readonly Spellings[]; second: Spellings };
  scale2?: Spellings;
  finalNorm: Spellings;
  projection?: Spellings;
}

/** A family of vision transformers: how its config.json and its tensors' names are read. */
export interface VitFamily {
  name: string;
  /** `model_type`s of its config.json. */
  modelTypes: readonly string[];
  /** @throws VitConfigError naming the field */
  read(fields: ConfigFields): VitConfig;
  names: VitNames;
}
