import { ADAM_GROUP } from '../../backend/families/optimizer.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { OptimizerStateError } from './errors.ts';
import { gradientOf, inGroups, type NamedParameters, zeroGrad } from './parameters.ts';

/** Settings of Adam. Defaults are PyTorch's; personalized-rep trains with learning rate 3e-4 and betas (0.5, 0.999). */
export interface AdamOptions {
  learningRate?: number;
  betas?: readonly [number, number];
  eps?: number;
  weightDecay?: number;
  /** Shrink the weights themselves (AdamW) instead of adding the decay to the gradient. */
  decoupled?: boolean;
}

/** Everything a checkpoint needs: steps taken, first and second moments of each parameter by name. */
export interface AdamState {
  step: number;
  first: Record<string, Float32Array<ArrayBuffer>>;
  second: Record<string, Float32Array<ArrayBuffer>>;
}

/** Parameters that are updated together, with their moments: all first ones, then all second ones, each padded to fours. */
interface Group {
  names: string[];
  parameters: Tensor[];
  /** Where the first moments of each parameter begin. */
  starts: number[];
  /** Numbers of all first moments: the second ones begin here. */
  total: number;
  moments: Tensor;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980) with PyTorch's details: with gradient g, step t,
 *
 *     m ← m + (1 − β₁)(g − m)        v ← β₂ v + (1 − β₂) g²
 *     w ← w − lr/(1 − β₁ᵗ) · m / ( √v / √(1 − β₂ᵗ) + eps )
 *
 * Weight decay λ adds λw to g; `decoupled` instead multiplies w by 1 − lr·λ first. One kernel updates several
 * parameters; moments stay on the device.
 */
export class Adam {
  /** May be changed between steps (schedules, warm-up). */
  learningRate: number;
  readonly parameters: NamedParameters;
  readonly #context: Context;
  readonly #options: Required<Omit<AdamOptions, 'learningRate'>>;
  readonly #groups: Group[];
  #step = 0;

  /** @throws OptimizerStateError when one tensor is given under two names */
  constructor(context: Context, parameters: NamedParameters, options: AdamOptions = {}) {
    const {
      learningRate = 1e-3,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      decoupled = false,
    } = options;
    this.learningRate = learningRate;
    this.parameters = parameters;
    this.#context = context;
    this.#options = { betas, eps, weightDecay, decoupled };
    if (
      new Set(Object.values(parameters).map(({ storage }) => storage)).size !== Object.keys(parameters).length
    ) {
      throw new OptimizerStateError(`one tensor under two names among ${Object.keys(parameters).join(', ')}`);
    }
    this.#groups = inGroups(Object.entries(parameters), ADAM_GROUP).map((entries) => {
      const tensors = entries.map(([, parameter]) => parameter);
      let total = 0;
      const starts = tensors.map(({ size }) => {
        const start = total;
        total += Math.ceil(size / 4) * 4;
        return start;
      });
      return {
        names: entries.map(([name]) => name),
        parameters: tensors,
        starts,
        total,
        moments: keep(context, () => context.zeros([2 * total], 'Adam moments')),
      };
    });
  }

  /** Steps taken. */
  get steps(): number {
    return this.#step;
  }

  /**
   * Update every parameter from its gradient.
   * @throws MissingGradientError naming a parameter without one; nothing is updated then
   */
  step(): void {
    const { betas, eps, weightDecay, decoupled } = this.#options;
    const gradients = this.#groups.map(({ names, parameters }) =>
      parameters.map((parameter, i) => gradientOf(names[i]!, parameter)),
    );
    this.#step++;
    const [beta1, beta2] = betas;
    const factors = {
      gain1: 1 - beta1,
      beta2,
      gain2: 1 - beta2,
      stepSize: this.learningRate / (1 - beta1 ** this.#step),
      denominatorScale: 1 / Math.sqrt(1 - beta2 ** this.#step),
      eps,
      decay: decoupled ? this.learningRate * weightDecay : weightDecay,
      decoupled,
    };
    this.#groups.forEach(({ parameters, moments }, g) => {
      this.#context.kernels.optimizer.adam(
        factors,
        moments.buffer,
        parameters.map(({ size, buffer }, i) => ({
          size,
          values: buffer,
          gradient: gradients[g]![i]!.buffer,
        })),
      );
    });
  }

  /** Forget all gradients; call before the next backward pass unless they are to accumulate. */
  zeroGrad(): void {
    zeroGrad(this.parameters);
  }

  /** Read the state back for a checkpoint. Waits for the device. */
  async exportState(): Promise<AdamState> {
    const state: AdamState = { step: this.#step, first: {}, second: {} };
    const read = await Promise.all(this.#groups.map(({ moments }) => this.#context.read(moments)));
    this.#groups.forEach((group, g) => {
      group.parameters.forEach((parameter, i) => {
        const at = group.starts[i]!;
        const later = at + group.total;
        state.first[group.names[i]!] = read[g]!.slice(at, at + parameter.size);
        state.second[group.names[i]!] = read[g]!.slice(later, later + parameter.size);
      });
    });
    return state;
  }

  /**
   * Continue from a checkpoint's state.
   * @throws OptimizerStateError when a parameter is missing or has another size; nothing is changed then
   */
  importState(state: AdamState): void {
    const values = this.#groups.map((group) => {
      const moments = new Float32Array(2 * group.total);
      group.parameters.forEach((parameter, i) => {
        const at = group.starts[i]!;
        const name = group.names[i]!;
        moments.set(momentsOf(state.first, name, parameter), at);
        moments.set(momentsOf(state.second, name, parameter), at + group.total);
      });
      return moments;
    });
    this.#groups.forEach((group, g) => {
      this.#context.write(group.moments, values[g]!);
    });
    this.#step = state.step;
  }

  /** Give the moments' buffers back; the parameters stay. */
  dispose(): void {
    for (const { moments } of this.#groups) moments.release();
  }
}

function momentsOf(moments: AdamState['first'], name: string, parameter: Tensor): Float32Array {
  const values = moments[name];
  if (values?.length !== parameter.size) {
    throw new OptimizerStateError(
      `the saved optimizer state has ${values ? `${values.length} numbers` : 'nothing'} for ${name}, which has ${parameter.size}. It belongs to another run; start the optimizer anew.`,
    );
  }
  return values;
}
