import { unzipSync } from 'fflate';
import { filePath } from '../../library/import/folder.ts';
import type { AdapterFile } from '../../models/peft/adapterFiles.ts';
import { AdapterError } from '../../models/peft/errors.ts';
import { type AdapterFit, adapterFit } from '../../models/peft/fit.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { encoderLabel } from '../../models/weights/encoderId.ts';
import { readAdapter, storeAdapter } from './adapters.ts';
import { engineStore } from './engine.ts';

/** An adapter that was read and fits the encoder in use by its shapes, before it is stored. */
export interface ImportedAdapter {
  adapter: LoraAdapter;
  /** What the user should know of it. */
  notes: string[];
  /** How it goes with the encoder in use, by the name of its base model. */
  fit: AdapterFit;
  /** The encoder in use. */
  encoderId: string;
}

/** Files whose content an adapter may be in; of others the name is enough. */
const READ = /\.(json|safetensors)$/i;

/**
 * Read an adapter from files that were chosen or dropped: its two files, the folder that holds them, or a zip of it.
 * @throws AdapterError, SafetensorsError naming what is missing, damaged or does not fit the encoder in use
 */
export async function readImport(files: readonly File[]): Promise<ImportedAdapter> {
  const encoderId = engineStore.getState().encoder?.id ?? '';
  const { adapter, notes } = readAdapter((await Promise.all(files.map(contentsOf))).flat());
  return { adapter, notes, fit: adapterFit(adapter.baseModel, encoderId), encoderId };
}

/**
 * Store an adapter that was read, and use it if it is for the encoder in use.
 * @param keep store it for the encoder that it names, where that is another
 * @returns what happened, to be shown
 */
export async function storeImport(
  subjectId: string,
  { adapter, notes, fit, encoderId }: ImportedAdapter,
  keep: boolean,
): Promise<string> {
  const baseModel = fit === 'other' && keep ? adapter.baseModel : encoderId;
  const fields = { name: 'Imported adapter', settings: null };
  const { applied } = await storeAdapter(subjectId, { ...adapter, baseModel }, fields);
  const [madeFor, taken] = [encoderLabel(adapter.baseModel), encoderLabel(encoderId)];
  return [
    applied ? 'The adapter is imported and in use.' : 'The adapter is imported.',
    ...(fit === 'unnamed'
      ? [`It does not say which encoder it was made for; its shapes fit ${taken}, so it is taken for that.`]
      : []),
    ...(fit === 'other' && !keep ? [`It was made for ${madeFor} and is taken for ${taken}.`] : []),
    ...(fit === 'other' && keep ? [`It was made for ${madeFor}: load that encoder to use it.`] : []),
    ...notes,
  ].join(' ');
}

/** A file with its content, or the files of a zip with theirs. */
async function contentsOf(file: File): Promise<AdapterFile[]> {
  if (!/\.zip$/i.test(file.name))
    return [{ name: filePath(file), bytes: READ.test(file.name) ? await bytesOf(file) : new Uint8Array() }];
  try {
    const names: string[] = [];
    const entries = unzipSync(await bytesOf(file), {
      filter: ({ name }) => {
        names.push(name);
        return READ.test(name);
      },
    });
    return names.map((name) => ({ name, bytes: entries[name] ?? new Uint8Array() }));
  } catch (error) {
    const problem = `it is no zip that can be read (${(error as Error).message})`;
    throw new AdapterError(file.name, problem, 'Unpack it and choose the files.');
  }
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
