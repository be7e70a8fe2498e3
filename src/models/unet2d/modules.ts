import { linear } from '../../nn/linear.ts';
import { loraLinear } from '../../nn/lora.ts';
import type { Context } from '../../tensor/context.ts';
import { add } from '../../tensor/ops/add.ts';
import { conv2d } from '../../tensor/ops/conv2d/conv2d.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { UNet2DConfig } from './config.ts';
import type { UNet2DLora } from './lora.ts';
import type { UNet2DWeights } from './weights.ts';

/** What every module of one forward pass needs. */
export interface ModuleRun {
  context: Context;
  config: UNet2DConfig;
  weights: UNet2DWeights;
  lora: UNet2DLora | undefined;
}

/**
 * A linear layer (or 1×1 convolution) by path, with its LoRA if it has one: x [.., in] → [.., out].
 * @param addend laid out like the result, added to it
 */
export function runLinear(
  { context, weights, lora }: ModuleRun,
  path: string,
  x: Tensor,
  { bias = true, addend }: { bias?: boolean; addend?: Tensor } = {},
): Tensor {
  const weight = weights.get(`${path}.weight`);
  const biasTensor = bias ? weights.get(`${path}.bias`) : undefined;
  const update = lora?.at(path);
  if (!update) return linear(context, x, weight, biasTensor, addend);
  const y = loraLinear(context, { x, weight, bias: biasTensor, lora: update });
  return addend ? add(context, y, addend) : y;
}

/**
 * A 3×3 convolution by path, with its LoRA if it has one (a convolution to r channels and a 1×1 convolution, as peft
 * has it): x [N, H, W, in] → [N, H, W, out].
 */
export function runConv(
  { context, weights, lora }: ModuleRun,
  path: string,
  x: Tensor,
  addend?: Tensor,
): Tensor {
  const bias = weights.get(`${path}.bias`);
  const y = conv2d(context, x, weights.get(`${path}.weight`), { bias, addend, padding: 1 });
  const update = lora?.at(path);
  if (!update) return y;
  const { rank } = lora!.options;
  const hidden = conv2d(context, x, context.reshape(update.a, [3, 3, x.columns, rank]), { padding: 1 });
  const through = conv2d(context, hidden, context.reshape(update.b, [1, 1, rank, y.columns]));
  return add(context, y, through, update.scale);
}
