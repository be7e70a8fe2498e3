import { beforeEach, describe, expect, it } from 'vitest';
import type { GeneratorInfo } from '../../engine/generator/protocol.ts';
import { openLibrary } from '../../library/library.ts';
import { MemoryStore } from '../../library/storage/memory.ts';
import type { Subject } from '../../library/types.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import { DIFFUSERS_LORA_FILE, KOHYA_LORA_FILE } from '../../models/unet2d/loraFiles/exports.ts';
import { parseSafetensors } from '../../models/weights/safetensors/parse.ts';
import { writeSafetensors } from '../../models/weights/safetensors/write.ts';
import { generatorStore } from './generator.ts';
import { importLora, loraStore, readLora } from './generatorLoras.ts';
import { libraryStore, openSubject, theLibrary } from './library.ts';

const unet = readUNet2DConfig({
  ...{ attention_head_dim: 4, block_out_channels: [32, 64], layers_per_block: 1, norm_num_groups: 8 },
  ...{ cross_attention_dim: 16, down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'] },
  up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
});

let rex: Subject;

beforeEach(async () => {
  generatorStore.setState({ info: { id: 'embedded', unet } as GeneratorInfo });
  libraryStore.setState({ library: await openLibrary({ store: new MemoryStore() }) });
  rex = await theLibrary().subjects.create({ name: 'Rex', className: 'dog' });
  await openSubject(rex.id);
  loraStore.setState({ chosenId: null });
});

const numbers = (shape: number[], value: number) => ({
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
});

/** A kohya file with a module that is adapted, one that is not and one of the text encoder. */
function file(name: string): File {
  const bytes = writeSafetensors({
    'lora_unet_mid_block_attentions_0_proj_in.lora_down.weight': numbers([2, 64], 1),
    'lora_unet_mid_block_attentions_0_proj_in.lora_up.weight': numbers([64, 2], 1),
    'lora_unet_mid_block_attentions_0_proj_in.alpha': numbers([1], 0.5),
    'lora_unet_conv_in.lora_down.weight': numbers([2, 4], 1),
    'lora_te_text_model_encoder_layers_0_mlp_fc1.alpha': numbers([1], 1),
  });
  return new File([bytes], name);
}

describe('importing a LoRA', () => {
  it('stores it in both layouts, chooses it and tells what it left out', async () => {
    const { notes, chosen } = await importLora(rex.id, 'embedded', [file('Rex.SAFETENSORS')]);
    expect(chosen).toBe(true);
    expect(notes).toEqual([
      'Rex.SAFETENSORS: left out, because they cannot be adapted here: text encoder (1 module), conv_in (1 module).',
    ]);
    const [record] = libraryStore.getState().adapters;
    expect(record).toMatchObject({ name: 'Rex', id: loraStore.getState().chosenId });
    const files = await theLibrary().adapters.files(record!);
    const B = parseSafetensors(files[DIFFUSERS_LORA_FILE]!, 'f').get(
      'unet.mid_block.attentions.0.proj_in.lora_B.weight',
    )!;
    expect(B.shape).toEqual([64, 2, 1, 1]);
    expect([...new Set(B.values)]).toEqual([0.25]);
    expect(parseSafetensors(files[KOHYA_LORA_FILE]!, 'f').size).toBe(3);
    expect((await readLora(record!)).targets).toEqual(['projections']);
  });

  it('does not say that it is in use when another subject is open by now', async () => {
    const tom = await theLibrary().subjects.create({ name: 'Tom', className: 'cat' });
    await openSubject(tom.id);
    expect((await importLora(rex.id, 'embedded', [file('Rex.safetensors')])).chosen).toBe(false);
    expect(loraStore.getState().chosenId).not.toBe((await theLibrary().adapters.list(rex.id))[0]!.id);
  });
});
