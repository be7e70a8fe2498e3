import { baseName, foldersOf } from '../../files/names.ts';
import { parseJson } from '../../files/text.ts';
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from './adapterConfig.ts';
import { AdapterError } from './errors.ts';

/** A file of an adapter, or one that lies beside it; the name may have folders before it. */
export interface AdapterFile {
  name: string;
  bytes: Uint8Array;
}

/** The two files that make an adapter. */
export interface ChosenAdapterFiles {
  weights: AdapterFile;
  config: AdapterFile;
  /** What was left out, one sentence each. */
  notes: string[];
}

/**
 * Find the two files of an adapter among files that lie in its folder, or were chosen or dropped. PEFT's own names come
 * first, then names that begin like them, as a browser gives them to a second download, then a single file of the kind.
 * Hidden files are passed over. Of adapters in folders inside each other the outermost is taken: a training run leaves
 * checkpoints below what it saved at its end. The config is one that lies beside the weights, where there is one.
 * @throws AdapterError naming the file that is missing, or those among which there is no telling
 */
export function chooseAdapterFiles(files: readonly AdapterFile[]): ChosenAdapterFiles {
  const visible = files
    .map(({ name, bytes }) => ({ name: name.replaceAll('\\', '/'), bytes }))
    .filter(({ name }) => !/(^|\/)(\.|__MACOSX\/)/.test(name));
  const ending = (pattern: RegExp) => visible.filter(({ name }) => pattern.test(name));
  const safetensors = ending(/\.safetensors$/i);
  const json = ending(/\.json$/i);
  if (safetensors.length === 0) {
    const pickle = ending(/\.(bin|pth?|ckpt)$/i)[0];
    const remedy = pickle
      ? `${baseName(pickle.name)} can run code when it is read and is not opened: save the adapter with safe_serialization=True.`
      : `Choose it together with ${ADAPTER_CONFIG_FILE}; PEFT saves both in one folder.`;
    throw new AdapterError(ADAPTER_WEIGHTS_FILE, 'not among the files', remedy);
  }
  const weights = one(safetensors, ADAPTER_WEIGHTS_FILE, () => safetensors);
  if (json.length === 0) {
    const remedy = `Choose it together with ${baseName(weights.name)}; it holds the rank and alpha.`;
    throw new AdapterError(ADAPTER_CONFIG_FILE, 'not among the files', remedy);
  }
  const beside = json.filter((file) => folderOf(file) === folderOf(weights) && isPeftConfig(file));
  const near = beside.length > 0 ? beside : json;
  const config = one(near, ADAPTER_CONFIG_FILE, () => {
    const configs = near.filter(isPeftConfig);
    return configs.length > 0 ? configs : near;
  });
  const others = safetensors.filter((file) => file !== weights).map(({ name }) => name);
  const notes = others.length === 0 ? [] : [`Left out beside ${weights.name}: ${others.join(', ')}.`];
  return { weights, config, notes };
}

function folderOf({ name }: AdapterFile): string {
  return foldersOf(name).join('/');
}

/** The file of a name, else one of a name that begins so, else the only one of `rest`; of several the outermost. */
function one(
  candidates: readonly AdapterFile[],
  wanted: string,
  rest: () => readonly AdapterFile[],
): AdapterFile {
  const stem = wanted.slice(0, wanted.lastIndexOf('.'));
  const named = (fits: (name: string) => boolean) => candidates.filter(({ name }) => fits(baseName(name)));
  const tiers = [
    () => named((name) => name === wanted),
    () => named((name) => name.toLowerCase().startsWith(stem)),
    rest,
  ];
  for (const tier of tiers) {
    const found = tier();
    const depth = Math.min(...found.map(({ name }) => foldersOf(name).length));
    const [first, ...others] = found.filter(({ name }) => foldersOf(name).length === depth);
    if (first && others.length === 0) return first;
    if (first) {
      const names = [first, ...others].map(({ name }) => name).join(', ');
      throw new AdapterError(wanted, `there are several files for it: ${names}`, 'Choose one adapter.');
    }
  }
  throw new AdapterError(wanted, 'not among the files', 'Choose both files of the adapter.');
}

function isPeftConfig({ bytes }: AdapterFile): boolean {
  try {
    const value = parseJson(bytes);
    return typeof value === 'object' && value !== null && 'peft_type' in value;
  } catch {
    return false;
  }
}
