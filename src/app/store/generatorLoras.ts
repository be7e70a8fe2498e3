import { createStore } from 'zustand/vanilla';
import { SUBJECT_TOKEN } from '../../diffusion/captions/prompts.ts';
import type { UNet2DAdapter } from '../../engine/generator/protocol.ts';
import type { AdapterFiles } from '../../library/records/adapters.ts';
import type { AdapterRecord } from '../../library/types.ts';
import {
  exportTokenEmbedding,
  importTokenEmbedding,
  TOKEN_EMBEDDING_FILE,
} from '../../models/clipText/embeddingFile.ts';
import { readUNet2DConfig, type UNet2DConfig } from '../../models/unet2d/config.ts';
import {
  DIFFUSERS_LORA_FILE,
  exportDiffusersLora,
  exportKohyaLora,
  KOHYA_LORA_FILE,
} from '../../models/unet2d/loraFiles/exports.ts';
import { importUNetLora } from '../../models/unet2d/loraFiles/import.ts';
import { BASE_URL } from './engine.ts';
import { generatorStore } from './generator.ts';
import { libraryStore, refresh, theLibrary } from './library.ts';

/** Adapters of generators are kept with those of encoders, under the generator's id. */
const PREFIX = 'generator:';

/** Which LoRA the generator uses: a stored one by id, or none. */
export const loraStore = createStore<{ chosenId: string | null }>(() => ({ chosenId: null }));

/** Whether a stored adapter is a generator's. */
export function isGeneratorLora({ encoderId }: AdapterRecord): boolean {
  return encoderId.startsWith(PREFIX);
}

/** LoRAs that fit a generator. */
export function lorasOf(adapters: readonly AdapterRecord[], generatorId: string): AdapterRecord[] {
  return adapters.filter(({ encoderId }) => encoderId === PREFIX + generatorId);
}

/**
 * Store a LoRA in both layouts and choose it, unless another subject is open by now: the choice is the open one's.
 * @param beside further files to keep with it
 */
export async function storeLora(
  subjectId: string,
  generatorId: string,
  adapter: UNet2DAdapter,
  fields: { name: string; settings: unknown; runId?: string },
  beside: AdapterFiles = {},
): Promise<AdapterRecord> {
  const record = await theLibrary().adapters.add(
    subjectId,
    { ...fields, encoderId: PREFIX + generatorId },
    {
      ...beside,
      [DIFFUSERS_LORA_FILE]: exportDiffusersLora(adapter),
      [KOHYA_LORA_FILE]: exportKohyaLora(adapter),
      ...(adapter.token
        ? { [TOKEN_EMBEDDING_FILE]: exportTokenEmbedding(SUBJECT_TOKEN, adapter.token) }
        : {}),
    },
  );
  if (libraryStore.getState().current?.id === subjectId) loraStore.setState({ chosenId: record.id });
  await refresh();
  return record;
}

/** Read a stored LoRA. */
export async function readLora(record: AdapterRecord): Promise<UNet2DAdapter> {
  const files = await theLibrary().adapters.files(record);
  const { adapter } = importUNetLora(files[DIFFUSERS_LORA_FILE]!, record.name, await unetConfig());
  const embedding = files[TOKEN_EMBEDDING_FILE];
  return embedding ? { ...adapter, token: importTokenEmbedding(embedding, record.name) } : adapter;
}

/**
 * Store a LoRA from a file, with the learned embedding that may come with it.
 * @returns what was left out or taken for granted, and whether it is the chosen one: not when another subject is open by now
 * @throws UNetLoraFileError, TokenEmbeddingFileError naming what does not fit
 */
export async function importLora(
  subjectId: string,
  generatorId: string,
  files: readonly File[],
): Promise<{ notes: string[]; chosen: boolean }> {
  const bytes = async (file: File) => new Uint8Array(await file.arrayBuffer());
  const embedding = files.find(({ name }) => name === TOKEN_EMBEDDING_FILE);
  const [file, second] = files.filter((each) => each !== embedding);
  if (!file || second)
    throw new Error(
      `Choose one LoRA file, and ${TOKEN_EMBEDDING_FILE} beside it if the subject’s word was learned too.`,
    );
  const { adapter, notes } = importUNetLora(await bytes(file), file.name, await unetConfig());
  if (embedding) adapter.token = importTokenEmbedding(await bytes(embedding), embedding.name);
  const name = file.name.replace(/\.safetensors$/i, '');
  const record = await storeLora(subjectId, generatorId, adapter, { name, settings: null });
  return { notes, chosen: loraStore.getState().chosenId === record.id };
}

/** Of the generator that is loaded, else of the built-in one. */
async function unetConfig(): Promise<UNet2DConfig> {
  return generatorStore.getState().info?.unet ?? embeddedConfig();
}

let config: Promise<UNet2DConfig> | undefined;

function embeddedConfig(): Promise<UNet2DConfig> {
  config ??= fetch(new URL('models/generator/unet/config.json', BASE_URL))
    .then((response) => response.json())
    .then(readUNet2DConfig);
  return config;
}
