import { describe, expect, it } from 'vitest';
import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { testContext } from '../../testing/device.ts';
import { testNumbers } from '../../testing/gradients.ts';
import { Adam, type AdamOptions } from './adam.ts';
import { AdamW } from './adamw.ts';
import { clipGradients } from './clip.ts';
import { MissingGradientError, OptimizerStateError } from './errors.ts';
import { zeroGrad } from './parameters.ts';
import golden from './testdata/optimizers.json';

type Numbers = Record<string, number[]>;

/** A case of `optimizers.json` under one type. */
interface GoldenCase {
  name: string;
  cls: string;
  lr: number;
  betas?: number[];
  eps?: number;
  weight_decay?: number;
  max_norm?: number;
  norms: number[];
  after: Numbers[];
}

const shapes = golden.shapes as Record<string, number[]>;

function upload(context: Context, values: Numbers): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, numbers]) => {
      const tensor = context.fromArray(numbers, shapes[name]!);
      tensor.requiresGrad = true;
      return [name, tensor];
    }),
  );
}

function setGradients(context: Context, parameters: Record<string, Tensor>, values: Numbers): void {
  zeroGrad(parameters);
  for (const [name, parameter] of Object.entries(parameters)) {
    parameter.grad = context.fromArray(values[name]!, parameter.shape);
  }
}

function releaseAll(parameters: Record<string, Tensor>): void {
  zeroGrad(parameters);
  for (const parameter of Object.values(parameters)) parameter.release();
}

async function expectWeights(context: Context, parameters: Record<string, Tensor>, expected: Numbers) {
  for (const [name, parameter] of Object.entries(parameters)) {
    expect(await context.read(parameter), name).toBeAllclose(expected[name]!, { rtol: 1e-6, atol: 2e-7 });
  }
}

function make(context: Context, parameters: Record<string, Tensor>, golden: GoldenCase): Adam {
  const options: AdamOptions = {
    learningRate: golden.lr,
    ...(golden.betas && { betas: golden.betas as [number, number] }),
    ...(golden.eps && { eps: golden.eps }),
    ...(golden.weight_decay !== undefined && { weightDecay: golden.weight_decay }),
  };
  return golden.cls === 'AdamW'
    ? new AdamW(context, parameters, options)
    : new Adam(context, parameters, options);
}

describe('Adam and AdamW', () => {
  for (const example of golden.cases as unknown as GoldenCase[]) {
    it(`follow PyTorch: ${example.name}`, async () => {
      const context = await testContext();
      const before = context.memory.used;
      const parameters = upload(context, golden.init as Numbers);
      const optimizer = make(context, parameters, example);
      for (let step = 0; step < example.after.length; step++) {
        setGradients(context, parameters, golden.grads[step] as Numbers);
        if (example.max_norm) {
          const norm = clipGradients(context, parameters, example.max_norm);
          expect(await context.read(norm)).toBeAllclose([example.norms[step]!], { rtol: 1e-6 });
          norm.release();
        }
        optimizer.step();
        await expectWeights(context, parameters, example.after[step]!);
      }
      optimizer.dispose();
      releaseAll(parameters);
      expect(context.memory.used).toBe(before);
    });
  }

  it('continue from an exported state as if never interrupted', async () => {
    const context = await testContext();
    const example = (golden.cases as unknown as GoldenCase[])[3]!;
    const parameters = upload(context, golden.init as Numbers);
    const first = make(context, parameters, example);
    for (const gradients of golden.grads.slice(0, 2)) {
      setGradients(context, parameters, gradients as Numbers);
      first.step();
    }
    const state = structuredClone(await first.exportState());
    expect(state.step).toBe(2);
    first.dispose();
    const second = make(context, parameters, example);
    second.importState(state);
    for (const gradients of golden.grads.slice(2)) {
      setGradients(context, parameters, gradients as Numbers);
      second.step();
    }
    expect(second.steps).toBe(4);
    await expectWeights(context, parameters, example.after[3]!);

    const { 'key.B': dropped, ...rest } = state.second;
    expect(dropped).toHaveLength(5);
    expect(() => second.importState({ ...state, second: rest })).toThrow(OptimizerStateError);
    expect(() => second.importState({ ...state, second: rest })).toThrow('nothing for key.B, which has 5');
    second.dispose();
    releaseAll(parameters);
  });

  it('take three parameters a dispatch, and a changed learning rate', async () => {
    const context = await testContext();
    const parameters = upload(context, golden.init as Numbers);
    const optimizer = new Adam(context, parameters);
    setGradients(context, parameters, golden.grads[0] as Numbers);
    optimizer.learningRate = 0;
    const before = context.backend.counts.dispatches;
    optimizer.step();
    expect(context.backend.counts.dispatches - before).toBe(2);
    await expectWeights(context, parameters, golden.init as Numbers);
    optimizer.dispose();
    releaseAll(parameters);
  });

  it('name a parameter without gradient, and refuse one tensor under two names', async () => {
    const context = await testContext();
    const parameters = upload(context, golden.init as Numbers);
    const optimizer = new Adam(context, parameters);
    expect(() => optimizer.step()).toThrow(MissingGradientError);
    expect(() => optimizer.step()).toThrow('query.A has no gradient');
    expect(optimizer.steps).toBe(0);
    const twice = parameters['key.B']!;
    expect(() => new Adam(context, { a: twice, b: twice })).toThrow(OptimizerStateError);
    optimizer.dispose();
    releaseAll(parameters);
  });
});

describe('clipGradients', () => {
  // Nine gradients are two dispatches; the longest exceeds the invocations of one.
  const sizes = [3, 70, 1, 5000, 12, 9, 64, 33, 2];

  async function clipped(maxNorm: number) {
    const context = await testContext();
    const values = sizes.map((size, i) => testNumbers(size, i + 1));
    const parameters = Object.fromEntries(
      values.map((numbers, i) => {
        const parameter = context.zeros([numbers.length]);
        parameter.grad = context.fromArray(numbers, [numbers.length]);
        return [`p${i}`, parameter];
      }),
    );
    const norm = clipGradients(context, parameters, maxNorm);
    const result = {
      values,
      exact: Math.sqrt(
        values.flatMap((numbers) => [...numbers]).reduce((sum, value) => sum + value * value, 0),
      ),
      norm: (await context.read(norm))[0]!,
      after: await Promise.all(Object.values(parameters).map(({ grad }) => context.read(grad!))),
    };
    norm.release();
    releaseAll(parameters);
    return result;
  }

  it('scales all gradients down to the norm', async () => {
    const { values, exact, norm, after } = await clipped(0.5);
    expect([norm]).toBeAllclose([exact], { rtol: 1e-6 });
    after.forEach((numbers, i) => {
      expect(numbers).toBeAllclose(
        values[i]!.map((value) => (value * 0.5) / (exact + 1e-6)),
        { rtol: 1e-5, atol: 1e-9 },
      );
    });
  });

  it('leaves gradients within the norm as they are', async () => {
    const { values, after } = await clipped(1e4);
    expect(after).toEqual(values);
  });
});
