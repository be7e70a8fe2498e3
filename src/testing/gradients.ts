import { expect } from 'vitest';
import type { Context } from '../tensor/context.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** A named input of the function under test: shape and numbers. */
export interface GradientInput {
  shape: readonly number[];
  values: Float32Array;
  /** False for inputs that get no gradient (targets, masks). */
  trainable?: boolean;
}

/** Deterministic numbers in [-1, 1) for tests: a small multiplicative hash, independent of the code under test. */
export function testNumbers(count: number, seed = 1, spread = 1): Float32Array {
  const values = new Float32Array(count);
  let state = (seed * 2654435761) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 31 - 1) * spread;
  }
  return values;
}

/**
 * Compare the tape's gradients of Σ w·f(inputs) (w fixed, so every output element counts differently) with central
 * finite differences taken on the GPU.
 * @param samples how many elements of each input to perturb (all when it has fewer)
 */
export async function checkGradients(
  context: Context,
  inputs: Record<string, GradientInput>,
  f: (tensors: Record<string, Tensor>) => Tensor,
  { epsilon = 1e-2, rtol = 2e-2, atol = 2e-3, samples = 24 } = {},
): Promise<void> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, { shape, values, trainable }] of Object.entries(inputs)) {
    tensors[name] = context.fromArray(values, shape, name);
    tensors[name].requiresGrad = trainable !== false;
  }
  const probe = context.scope(() => f(tensors));
  const outputShape = probe.shape;
  const outputSize = probe.size;
  probe.release();
  const weights = testNumbers(outputSize, 99);
  const seed = context.fromArray(weights, outputShape, 'seed');
  context.backward(() => f(tensors), seed).release();

  const evaluate = async (): Promise<number> => {
    const output = context.scope(() => f(tensors));
    const values = await context.read(output);
    output.release();
    return values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  };
  for (const [name, { values, trainable }] of Object.entries(inputs)) {
    if (trainable === false) continue;
    const tensor = tensors[name]!;
    expect(tensor.grad, `gradient of ${name}`).toBeDefined();
    const gradient = await context.read(tensor.grad!);
    const stride = Math.max(1, Math.floor(values.length / samples));
    const indices = Array.from({ length: Math.ceil(values.length / stride) }, (_, i) => i * stride);
    const numeric: number[] = [];
    for (const index of indices) {
      const changed = values.slice();
      changed[index] = values[index]! + epsilon;
      context.write(tensor, changed);
      const above = await evaluate();
      changed[index] = values[index]! - epsilon;
      context.write(tensor, changed);
      numeric.push((above - (await evaluate())) / (2 * epsilon));
    }
    context.write(tensor, values);
    const magnitude = Math.max(...numeric.map(Math.abs), 1e-3);
    expect(
      indices.map((index) => gradient[index]!),
      `gradient of ${name} against finite differences`,
    ).toBeAllclose(numeric, { rtol, atol: atol * magnitude + 1e-5 });
  }
  seed.release();
  for (const tensor of Object.values(tensors)) {
    tensor.grad?.release();
    tensor.release();
  }
}
