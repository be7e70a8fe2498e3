import { describe, expect, it } from 'vitest';
import { fetchFolder } from '../../headless/golden/fetchFolder.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import type { Context } from '../../tensor/context.ts';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { served } from '../../testing/served.ts';
import { readSchedulerConfig } from '../schedulers/noiseSchedule.ts';
import { applyPlan } from '../schedulers/plan.ts';
import { planSampler, SAMPLERS, type SamplerName } from '../schedulers/samplers.ts';
import { latentNoise } from './noise.ts';
import { Sampler } from './sampler.ts';

const folder = fetchFolder(served('/src/testing/golden/unet/model/'));
const scheduler = readSchedulerConfig({
  ...{ beta_start: 0.00085, beta_end: 0.012, beta_schedule: 'scaled_linear', steps_offset: 1 },
});

async function loadUNet(context: Context): Promise<{ unet: UNet2D; release: () => void }> {
  const config = readUNet2DConfig(await folder.json('config.json'));
  const loader = new UNet2DWeightLoader(context, config);
  for (const [name, { shape, values }] of await folder.tensors('diffusion_pytorch_model.safetensors')) {
    loader.add(name, shape, values);
  }
  return { unet: new UNet2D(context, config, loader.finish()), release: () => loader.release() };
}

const SHAPE = [2, 4, 4, 4];
const SIZE = 64;

describe('Sampler', () => {
  it.each(
    Object.keys(SAMPLERS) as SamplerName[],
  )('does with the UNet what the %s plan says', async (name) => {
    const context = await testContext();
    const before = context.memory.used;
    const { unet, release } = await loadUNet(context);
    const guidance = 3;
    const plan = planSampler(name, scheduler, 5);
    const text = testNumbers(2 * 3 * 24, 1);
    const negative = testNumbers(2 * 3 * 24, 2);
    const noise = [latentNoise(1, SIZE), latentNoise(2, SIZE)].flatMap((values) => [...values]);

    const upload = (values: ArrayLike<number>, shape: number[]) => context.fromArray(values, shape);
    const noiseTensor = upload(noise, SHAPE);
    const textTensor = upload(text, [2, 3, 24]);
    const negativeTensor = upload(negative, [2, 3, 24]);
    const sampler = new Sampler(context, unet, {
      ...{ plan, guidance, noise: noiseTensor, text: textTensor, negative: negativeTensor },
    });
    while (sampler.step < sampler.steps) sampler.runStep();
    const values = await context.read(sampler.clean);

    // The same on the CPU in double precision, but for the model, which runs halves one after the other.
    const outputs: Float32Array[] = [];
    const run = async (sample: Float64Array, timestep: number, states: Float32Array) => {
      const output = context.scope(() =>
        unet.forward({
          sample: context.fromArray(sample, SHAPE),
          timesteps: [timestep, timestep],
          text: context.fromArray(states, [2, 3, 24]),
        }),
      );
      const read = await context.read(output);
      output.release();
      return read;
    };
    // `applyPlan` is synchronous: replay it, one more output known each time.
    let trajectory: Float64Array[] = [];
    for (let known = 0; known <= plan.steps.length; known++) {
      let asked: { sample: Float64Array; timestep: number } | undefined;
      let call = 0;
      trajectory = applyPlan(
        plan,
        Float64Array.from(noise, (x) => x * plan.initNoiseSigma),
        (sample, timestep) => {
          const output = outputs[call++];
          if (output) return Float64Array.from(output);
          asked ??= { sample, timestep };
          return new Float64Array(sample.length);
        },
      );
      if (!asked) break;
      const { sample, timestep } = asked;
      const without = await run(sample, timestep, negative);
      const withText = await run(sample, timestep, text);
      outputs.push(without.map((value, i) => value + guidance * (withText[i]! - value)));
    }
    expect(values).toBeAllclose(trajectory.at(-1)!, { rtol: 1e-3, atol: 1e-3 });
    expect(() => sampler.runStep()).toThrow('finished');

    sampler.release();
    for (const tensor of [noiseTensor, textTensor, negativeTensor]) tensor.release();
    release();
    expect(context.memory.used).toBe(before);
  });

  it('makes the same image alone as in a batch, and another from another seed', async () => {
    const context = await testContext();
    const { unet, release } = await loadUNet(context);
    const make = async (seeds: number[]): Promise<Float32Array> => {
      const noise = context.fromArray(
        seeds.flatMap((seed) => [...latentNoise(seed, SIZE)]),
        [seeds.length, 4, 4, 4],
      );
      const text = context.fromArray(
        seeds.flatMap(() => [...testNumbers(72, 5)]),
        [seeds.length, 3, 24],
      );
      const plan = planSampler('ddim', scheduler, 3);
      const sampler = new Sampler(context, unet, { plan, noise, text, guidance: 1 });
      while (sampler.step < sampler.steps) sampler.runStep();
      const values = await context.read(sampler.sample);
      sampler.release();
      noise.release();
      text.release();
      return values;
    };
    const both = await make([7, 8]);
    expect(await make([8])).toBeAllclose(both.subarray(SIZE), { atol: 1e-4 });
    expect(
      Math.max(...both.map((value, i) => Math.abs(value - both[(i + SIZE) % (2 * SIZE)]!))),
    ).toBeGreaterThan(0.1);
    release();
  });

  it('asks for a negative prompt when there is guidance', async () => {
    const context = await testContext();
    const { unet, release } = await loadUNet(context);
    context.scope(() => {
      const inputs = {
        plan: planSampler('ddim', scheduler, 2),
        noise: context.zeros([1, 4, 4, 4]),
        text: context.zeros([1, 3, 24]),
        guidance: 4,
      };
      expect(() => new Sampler(context, unet, inputs)).toThrow('negative');
      return undefined;
    });
    release();
  });
});
