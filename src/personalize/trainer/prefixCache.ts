import type { VitConfig } from '../../models/vit/config.ts';
import { tokensOf } from '../../models/vit/cost.ts';
import type { Vit } from '../../models/vit/model.ts';
import type { Context } from '../../tensor/context.ts';
import { keep } from '../../tensor/keep.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Views encoded at once while filling: enough to keep a GPU busy, few enough for a small one. */
export const PREFIX_CHUNK = 8;

/**
 * Tokens of a fixed set of views after the frozen layers, computed once and kept on the GPU, one tensor a view, so that
 * a training step starts at the first adapted layer.
 */
export class PrefixCache {
  readonly #context: Context;
  readonly #encoder: Vit;
  readonly #layers: number;
  readonly #views = new Map<number, Tensor>();

  /** @param layers number of frozen layers to run ahead */
  constructor(context: Context, encoder: Vit, layers: number) {
    this.#context = context;
    this.#encoder = encoder;
    this.#layers = layers;
  }

  /** Bytes that `count` views of `side` pixels will take. */
  static bytes(config: VitConfig, side: number, count: number): number {
    return count * tokensOf(config, side) * config.width * 4;
  }

  /** Compute and keep views; pixels [3, side, side] each. */
  async fill(
    views: readonly { id: number; pixels: Float32Array }[],
    side: number,
    onProgress: (done: number, total: number) => void,
    cancelled: () => boolean,
  ): Promise<void> {
    const context = this.#context;
    for (let start = 0; start < views.length && !cancelled(); start += PREFIX_CHUNK) {
      const chunk = views.slice(start, start + PREFIX_CHUNK);
      context.scope(() => {
        const pixels = uploadViews(
          context,
          chunk.map((view) => view.pixels),
          side,
        );
        const tokens = this.#encoder.layers(this.#encoder.embed(pixels), 0, this.#layers);
        const [, length, channels] = tokens.shape as [number, number, number];
        chunk.forEach(({ id }, i) => {
          const view = keep(context, () => context.empty([1, length, channels], 'frozen prefix'));
          context.copy(tokens, i * view.size, view, 0, view.size);
          this.#views.set(id, view);
        });
        return undefined;
      });
      await context.finish();
      onProgress(Math.min(start + PREFIX_CHUNK, views.length), views.length);
    }
  }

  /** Tokens of some views, stacked: [n, T, C]. */
  stack(ids: readonly number[]): Tensor {
    const context = this.#context;
    const views = ids.map((id) => {
      const view = this.#views.get(id);
      if (!view) throw new Error(`view ${id} is not in the prefix cache`);
      return view;
    });
    const [, length, channels] = views[0]!.shape as [number, number, number];
    const stacked = context.empty([ids.length, length, channels], 'batch');
    views.forEach((view, i) => {
      context.copy(view, 0, stacked, i * view.size, view.size);
    });
    return stacked;
  }

  /** Free the GPU memory. */
  release(): void {
    for (const view of this.#views.values()) view.release();
    this.#views.clear();
  }
}

/** Views [3, side, side] as one tensor [n, 3, side, side]. */
export function uploadViews(context: Context, views: readonly Float32Array[], side: number): Tensor {
  const size = 3 * side * side;
  const values = new Float32Array(views.length * size);
  views.forEach((view, i) => {
    values.set(view, i * size);
  });
  return context.fromArray(values, [views.length, 3, side, side], 'views');
}
