import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testNumbers } from '../../../testing/gradients.ts';
import { readWithDataView } from '../../peft/testing/independentReaders.ts';
import { writeSafetensors } from '../../weights/safetensors/write.ts';
import { readUNet2DConfig } from '../config.ts';
import type { UNet2DAdapter } from '../lora.ts';
import type { LoraPair } from '../loraModules.ts';
import { LORA_TARGETS, type LoraTarget, loraSites } from '../loraSites.ts';
import { UNetLoraFileError } from './errors.ts';
import { exportDiffusersLora, exportKohyaLora, kohyaName } from './exports.ts';
import { importUNetLora } from './import.ts';

const json = readFileSync(new URL('../../../testing/golden/unet/model/config.json', import.meta.url), 'utf8');
const config = readUNet2DConfig(JSON.parse(json));

function adapterOf(targets: readonly LoraTarget[], rank = 4, alpha = 2): UNet2DAdapter {
  const modules: Record<string, LoraPair> = {};
  let seed = 1;
  for (const { modules: paths, inFeatures, outFeatures, taps } of loraSites(config, targets)) {
    for (const path of paths) {
      const A = testNumbers(rank * inFeatures * taps, seed++);
      modules[path] = { A, B: testNumbers(outFeatures * rank, seed++), inFeatures, outFeatures, taps };
    }
  }
  return { rank, alpha, targets, modules };
}

/** scale·B·A by module, which is what an adapter does. */
function updates({ rank, alpha, modules }: UNet2DAdapter): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(modules).map(([path, { A, B, outFeatures, inFeatures, taps }]) => {
      const width = inFeatures * taps;
      const update = new Float64Array(outFeatures * width);
      for (let o = 0; o < outFeatures; o++)
        for (let r = 0; r < rank; r++)
          for (let i = 0; i < width; i++)
            update[o * width + i]! += (alpha / rank) * B[o * rank + r]! * A[r * width + i]!;
      return [path, update];
    }),
  );
}

const Q = 'down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q';
const CONV = 'mid_block.resnets.0.conv1';

describe('LoRA files', () => {
  const adapter = adapterOf(LORA_TARGETS);

  it('are named and shaped as diffusers and peft have them', () => {
    const { tensors } = readWithDataView(exportDiffusersLora(adapter));
    expect(tensors.size).toBe(2 * Object.keys(adapter.modules).length);
    const [a, b] = [tensors.get(`unet.${Q}.lora_A.weight`)!, tensors.get(`unet.${Q}.lora_B.weight`)!];
    expect([a.shape, b.shape]).toEqual([
      [4, 64],
      [64, 4],
    ]);
    expect(a.values).toEqual([...adapter.modules[Q]!.A]);
    expect(b.values).toEqual([...adapter.modules[Q]!.B.map((value) => value / 2)]);
    expect(tensors.get(`unet.${CONV}.lora_A.weight`)!.shape).toEqual([4, 64, 3, 3]);
    expect(tensors.get(`unet.${CONV}.lora_B.weight`)!.shape).toEqual([64, 4, 1, 1]);
  });

  it('are named and shaped as kohya has them', () => {
    const { tensors, metadata } = readWithDataView(exportKohyaLora(adapter));
    const name = 'lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q';
    expect(tensors.get(`${name}.lora_down.weight`)!.values).toEqual([...adapter.modules[Q]!.A]);
    expect(tensors.get(`${name}.lora_up.weight`)!.values).toEqual([...adapter.modules[Q]!.B]);
    expect(tensors.get(`${name}.alpha`)).toMatchObject({ shape: [], values: [2] });
    expect(metadata).toMatchObject({ ss_network_dim: '4', ss_network_alpha: '2' });
    const out = 'down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_out.0';
    expect(tensors.has(`${kohyaName(out)}.lora_up.weight`)).toBe(true);
  });

  it.each([
    [false, [1, 1]],
    [true, []],
  ])('have projections as the generator has them (linear: %s)', (useLinearProjection, ones) => {
    const fitting = { ...config, useLinearProjection };
    const { path, inFeatures, outFeatures } = loraSites(fitting, ['projections'])[0]!;
    const [down, up] = [
      [4, inFeatures, ...ones],
      [outFeatures, 4, ...ones],
    ];
    const file = exportKohyaLora(adapterOf(['projections']));
    const { adapter } = importUNetLora(file, 'lora', fitting);
    const name = kohyaName(path);
    const kohya = readWithDataView(exportKohyaLora(adapter)).tensors;
    const diffusers = readWithDataView(exportDiffusersLora(adapter)).tensors;
    expect(kohya.get(`${name}.lora_down.weight`)!.shape).toEqual(down);
    expect(kohya.get(`${name}.lora_up.weight`)!.shape).toEqual(up);
    expect(diffusers.get(`unet.${path}.lora_A.weight`)!.shape).toEqual(down);
    expect(diffusers.get(`unet.${path}.lora_B.weight`)!.shape).toEqual(up);
  });

  it.each([
    ['diffusers', exportDiffusersLora],
    ['kohya', exportKohyaLora],
  ])('come back from %s as the same update', (_, write) => {
    for (const targets of [['attention'], LORA_TARGETS] as LoraTarget[][]) {
      const before = adapterOf(targets);
      const after = importUNetLora(write(before), 'lora.safetensors', config).adapter;
      expect([...after.targets]).toEqual([...targets]);
      const [expected, found] = [updates(before), updates(after)];
      expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
      for (const path of Object.keys(expected))
        expect(found[path]!).toBeAllclose(expected[path]!, { atol: 1e-6 });
    }
  });

  it('of different ranks are padded to the largest', () => {
    const [small, large] = [adapterOf(['attention'], 2, 2), adapterOf(['feedForward'], 4, 4)];
    const merged = { ...tensorsOf(small), ...tensorsOf(large) };
    const after = importUNetLora(writeSafetensors(merged), 'mixed', config).adapter;
    expect(after.rank).toBe(4);
    const expected = { ...updates(small), ...updates(large) };
    for (const [path, update] of Object.entries(updates(after))) {
      expect(update, path).toBeAllclose(expected[path]!, { atol: 1e-6 });
    }
  });

  it('that do not fit are refused by name', () => {
    const read = (tensors: Record<string, { shape: number[]; values: Float32Array }>) => () =>
      importUNetLora(writeSafetensors(tensors), 'x.safetensors', config);
    const zeros = (...shape: number[]) => ({
      shape,
      values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
    });
    expect(read({ other: zeros(2) })).toThrow(UNetLoraFileError);
    expect(read({ [`unet.${Q}.lora_A.weight`]: zeros(4, 64) })).toThrow(`${Q}.lora_B.weight is missing`);
    const wrong = { [`unet.${Q}.lora_A.weight`]: zeros(4, 32), [`unet.${Q}.lora_B.weight`]: zeros(64, 4) };
    expect(read(wrong)).toThrow('another generator');
    const right = { [`unet.${Q}.lora_A.weight`]: zeros(4, 64), [`unet.${Q}.lora_B.weight`]: zeros(64, 4) };
    expect(read({ ...right, 'text_encoder.x.lora_A.weight': zeros(1) })().notes).toHaveLength(1);
    expect(read({ ...right, other: zeros(1) })).toThrow('other is no part of a LoRA');
  });
});

function tensorsOf(adapter: UNet2DAdapter) {
  const { tensors } = readWithDataView(exportDiffusersLora(adapter));
  return Object.fromEntries(
    [...tensors].map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]),
  );
}
