import type { Context } from './context.ts';
import { addInPlace } from './ops/addInPlace.ts';
import { fill } from './ops/fill.ts';
import type { Tensor } from './tensor.ts';

/** One op as it was run forward. */
export interface TapeEntry {
  name: string;
  inputs: readonly (Tensor | undefined)[];
  output: Tensor;
  saved: readonly Tensor[];
  backward: (outputGrad: Tensor) => (Tensor | undefined)[];
}

/**
 * The ops of one forward pass in order. Going backward, each entry's gradient and what it saved are released as soon as
 * it ran, so memory falls as the pass proceeds.
 */
export class Tape {
  readonly #context: Context;
  readonly #entries: TapeEntry[] = [];

  constructor(context: Context) {
    this.#context = context;
  }

  push(entry: TapeEntry): void {
    this.#entries.push(entry);
  }

  /** Release everything saved without going backward. */
  discard(): void {
    for (const entry of this.#entries.splice(0)) {
      for (const tensor of entry.saved) tensor.release();
    }
  }

  /** Back-propagate from `output` with gradient `seed` (ones by default). */
  backward(output: Tensor, seed?: Tensor): void {
    const context = this.#context;
    if (!output.requiresGrad) {
      this.discard();
      throw new Error('backward: the output does not depend on a trainable tensor');
    }
    output.grad = seed ? seed.retain() : fill(context, output.shape, 1).retain();
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) {
      const { inputs, saved, backward } = entry;
      const outputGrad = entry.output.grad;
      if (outputGrad) {
        entry.output.grad = undefined;
        context.scope(() => {
          const gradients = backward(outputGrad);
          inputs.forEach((input, i) => {
            if (input?.requiresGrad) this.#accumulate(input, gradients[i], outputGrad, entry!.name);
          });
          return undefined;
        });
        outputGrad.release();
      }
      for (const tensor of saved) tensor.release();
    }
  }

  #accumulate(input: Tensor, gradient: Tensor | undefined, outputGrad: Tensor, name: string): void {
    if (!gradient) throw new Error(`${name}: backward gave no gradient for an input that needs one`);
    if (gradient.size !== input.size) {
      throw new Error(`${name}: gradient [${gradient.shape}] does not fit input [${input.shape}]`);
    }
    if (!input.grad) {
      // A gradient whose storage someone else will still hold (the caller's seed, or one tensor handed to two inputs)
      // must not be added to in place. The output's gradient itself goes away after this entry.
      const transient = gradient !== outputGrad && gradient.storage === outputGrad.storage ? 2 : 1;
      const shared = gradient.storage.references > transient;
      input.grad = shared
        ? this.#context.scope(() => copyOf(this.#context, gradient)).retain()
        : gradient.retain();
    } else {
      addInPlace(this.#context, input.grad, gradient);
    }
  }
}

function copyOf(context: Context, source: Tensor): Tensor {
  const copy = context.empty(source.shape, 'gradient');
  context.copy(source, 0, copy, 0, source.size);
  return copy;
}
