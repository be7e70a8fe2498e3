import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE } from './adapterConfig.ts';
import { AdapterError } from './errors.ts';
import type { PeftFiles } from './exportPeft.ts';

/**
 * Find the two files of an adapter among files that the user chose or dropped.
 * @throws AdapterError naming the file that is missing
 */
export async function readAdapterFiles(files: Iterable<Blob & { name: string }>): Promise<PeftFiles> {
  const all = [...files];
  const find = (name: string) => all.find((file) => file.name === name);
  const config = find(ADAPTER_CONFIG_FILE);
  const weights = find(ADAPTER_WEIGHTS_FILE);
  if (!weights) {
    const remedy = find('adapter_model.bin')
      ? 'A .bin file can run code when it is read and is not opened: save the adapter with safe_serialization=True.'
      : `Choose it together with ${ADAPTER_CONFIG_FILE}; PEFT saves both in one folder.`;
    throw new AdapterError(ADAPTER_WEIGHTS_FILE, 'not among the files', remedy);
  }
  if (!config) {
    const remedy = `Choose it together with ${ADAPTER_WEIGHTS_FILE}; it holds the rank and alpha.`;
    throw new AdapterError(ADAPTER_CONFIG_FILE, 'not among the files', remedy);
  }
  return { weights: new Uint8Array(await weights.arrayBuffer()), config: await config.text() };
}
