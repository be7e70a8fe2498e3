import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../../models/weights/safetensors/parse.ts';
import {
  alphasCumprod,
  noiseFactors,
  readSchedulerConfig,
  type SchedulerConfig,
  SchedulerConfigError,
} from './noiseSchedule.ts';
import { applyPlan } from './plan.ts';
import { planSampler, type SamplerName } from './samplers.ts';

const folder = new URL('../../testing/golden/schedulers/', import.meta.url);
const golden = parseSafetensors(readFileSync(new URL('schedulers.safetensors', folder)), 'schedulers');
const settings = JSON.parse(
  readFileSync(new URL('schedulers.json', folder), 'utf8').replaceAll('-Infinity', '0'),
);

/** The golden file's stand-in for a model. */
function model(sample: Float64Array, t: number): Float64Array {
  return sample.map((x) => 0.3 * x + Math.sin(t / 200) * Math.cos(x));
}

/** diffusers' defaults of `timestep_spacing` are the schedulers' own; their configs in the file name them. */
const SAMPLERS: [SamplerName, string][] = [
  ['pndm', 'pndm'],
  ['ddim', 'ddim'],
  ['dpm++2m', 'dpmpp_2m'],
  ['dpm++2m-karras', 'dpmpp_2m_karras'],
  ['euler', 'euler'],
];

describe.each(SAMPLERS)('%s', (name, key) => {
  it.each([8, 20])('has the timesteps and the trajectory of diffusers in %i steps', (steps) => {
    const { config, timesteps, init_noise_sigma: sigma } = settings[`${key}.${steps}`];
    const plan = planSampler(name, readSchedulerConfig(config), steps);
    expect(plan.steps.map(({ timestep }) => timestep)).toBeAllclose(timesteps, { atol: 1e-3 });
    expect(plan.initNoiseSigma).toBeCloseTo(sigma, 4);
    const start = Float64Array.from(golden.get('x0')!.values, (value) => value * plan.initNoiseSigma);
    const { values } = golden.get(`${key}.${steps}.trajectory`)!;
    const trajectory = applyPlan(plan, start, model).flatMap((sample) => [...sample]);
    expect(trajectory).toHaveLength(values.length);
    const largest = Math.max(...values.map(Math.abs));
    expect(trajectory).toBeAllclose(values, { rtol: 1e-5, atol: 1e-5 * Math.max(1, largest / 10) });
  });

  it.each([
    'epsilon',
    'v_prediction',
  ] as const)('finds the image a perfect model of %s knows', (predictionType) => {
    const config: SchedulerConfig = { ...readSchedulerConfig(settings['pndm.8'].config), predictionType };
    const plan = planSampler(name, { ...config, timestepSpacing: undefined }, 30);
    const alphas = alphasCumprod(config);
    const image = [0.7, -1.3, 0.1, 2];
    // Knows the clean image: says exactly what noise (or velocity) its input holds.
    const oracle = (input: Float64Array, t: number) => {
      const { signal, noise } = noiseFactors(alphas, Math.round(t));
      return input.map((x, i) => {
        const epsilon = (x - signal * image[i]!) / noise;
        return predictionType === 'epsilon' ? epsilon : signal * epsilon - noise * image[i]!;
      });
    };
    const start = Float64Array.from([0.3, -0.2, 1.1, 0.4], (value) => value * plan.initNoiseSigma);
    const last = applyPlan(plan, start, oracle).at(-1)!;
    expect(last).toBeAllclose(image, { atol: 0.06 });
    const first = plan.steps[0]!;
    const output = oracle(
      start.map((value) => value * first.inputScale),
      first.timestep,
    );
    const clean = start.map((value, i) => first.clean.sample * value + first.clean.output * output[i]!);
    expect(clean).toBeAllclose(image, { atol: 0.02 });
  });
});

describe('noise schedule', () => {
  it('adds noise as diffusers does', () => {
    const alphas = alphasCumprod(readSchedulerConfig(settings['ddim.8'].config));
    const [x, noise, out] = ['x', 'noise', 'out'].map((name) => golden.get(`add_noise.${name}`)!.values);
    const size = x!.length / 3;
    const mixed = Array.from(x!, (value, i) => {
      const factors = noiseFactors(alphas, settings['add_noise.t'][Math.floor(i / size)]);
      return factors.signal * value + factors.noise * noise![i]!;
    });
    expect(mixed).toBeAllclose(out!, { atol: 1e-5 });
    expect(() => noiseFactors(alphas, 1000)).toThrow(RangeError);
  });

  it('names the field it cannot follow', () => {
    expect(() => readSchedulerConfig([])).toThrow(SchedulerConfigError);
    expect(() => readSchedulerConfig({ beta_schedule: 'squaredcos_cap_v2' })).toThrow('beta_schedule');
    expect(() => readSchedulerConfig({ prediction_type: 'flow' })).toThrow('prediction_type');
    expect(() => readSchedulerConfig({ clip_sample: true })).toThrow('clip_sample');
    expect(() => readSchedulerConfig({ beta_start: 'a' })).toThrow('beta_start');
  });

  it('refuses more steps than there are timesteps', () => {
    const config = readSchedulerConfig({});
    expect(() => planSampler('ddim', config, 1001)).toThrow('from 1 to 1000');
  });
});
