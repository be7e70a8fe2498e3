import { expect, it } from 'vitest';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { readUNet2DConfig } from './config.ts';
import { UNet2DLora } from './lora.ts';
import type { LoraPair } from './loraModules.ts';
import { LORA_TARGETS, type LoraTarget, loraSites } from './loraSites.ts';
import { UNet2D } from './model.ts';
import { expectedUNet2DTensors } from './tensors.ts';
import { UNet2DWeightLoader } from './weights.ts';

const config = readUNet2DConfig({
  ...{ _class_name: 'UNet2DConditionModel', sample_size: 4, attention_head_dim: 4 },
  ...{ block_out_channels: [32, 64], layers_per_block: 1, cross_attention_dim: 16, norm_num_groups: 8 },
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'UpBlock2D'],
});

/** What the frozen weights are, by name, [out, in, …] as in a checkpoint. */
function weights(): Map<string, { shape: number[]; values: Float32Array }> {
  let seed = 1;
  return new Map(
    [...expectedUNet2DTensors(config)].map(([name, shape]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { shape, values: testNumbers(size, seed++, 0.1) }];
    }),
  );
}

const cases: [LoraTarget[], number][] = [
  [['projections'], 1],
  [['projections', 'attention'], 3],
  [['projections'], 6],
  [[...LORA_TARGETS], 4],
];

it.each(
  cases,
)('LoRA on %j of rank %i draws what weights with the update in them draw', async (targets, rank) => {
  const context = await testContext();
  const modules: Record<string, LoraPair> = {};
  const folded = weights();
  let seed = 1000;
  for (const { modules: paths, inFeatures, outFeatures, taps } of loraSites(config, targets)) {
    for (const path of paths) {
      const A = testNumbers(rank * inFeatures * taps, seed++, 0.3);
      const B = testNumbers(outFeatures * rank, seed++, 0.3);
      modules[path] = { A, B, inFeatures, outFeatures, taps };
      const { values } = folded.get(`${path}.weight`)!;
      const width = inFeatures * taps;
      for (let o = 0; o < outFeatures; o++)
        for (let r = 0; r < rank; r++)
          for (let i = 0; i < width; i++) values[o * width + i]! += B[o * rank + r]! * A[r * width + i]!;
    }
  }
  const draw = async (tensors: ReturnType<typeof weights>, lora?: UNet2DLora) => {
    const loader = new UNet2DWeightLoader(context, config);
    for (const [name, { shape, values }] of tensors) loader.add(name, shape, values);
    const unet = new UNet2D(context, config, loader.finish());
    const output = context.scope(() =>
      unet.forward({
        sample: context.fromArray(testNumbers(4 * 4 * 4, 5), [1, 4, 4, 4]),
        text: context.fromArray(testNumbers(3 * 16, 6), [1, 3, 16]),
        timesteps: [10],
        lora,
      }),
    );
    const values = await context.read(output);
    output.release();
    loader.release();
    return values;
  };
  const lora = UNet2DLora.fromAdapter(context, config, { rank, alpha: rank, targets, modules });
  const [adapted, plain, expected] = [await draw(weights(), lora), await draw(weights()), await draw(folded)];
  lora.release();
  expect(adapted).toBeAllclose(expected, { atol: 1e-5, rtol: 1e-4 });
  // The update is no small matter: without it the picture is another.
  expect(Math.max(...adapted.map((value, i) => Math.abs(value - plain[i]!)))).toBeGreaterThan(1e-3);
});
