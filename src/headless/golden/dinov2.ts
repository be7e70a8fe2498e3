import { relativeError } from '../../images/relativeError.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { readVitConfig } from '../../models/vit/families/index.ts';
import { VitLora } from '../../models/vit/lora.ts';
import { Vit } from '../../models/vit/model.ts';
import { parametersOf } from '../../models/vit/parameters.ts';
import { parametersFrom } from '../../models/weights/loadParameters.ts';
import type { FloatTensor } from '../../models/weights/safetensors/parse.ts';
import { Adam } from '../../nn/optim/adam.ts';
import { zeroGrad } from '../../nn/optim/parameters.ts';
import { contrastiveStep } from '../../personalize/trainer/contrastiveStep.ts';
import type { Context } from '../../tensor/context.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';

type Tensors = Map<string, FloatTensor>;

/** An encoder from a folder's config and weights. */
export async function loadGoldenEncoder(
  context: Context,
  folder: GoldenFolder,
  path: string,
): Promise<{ encoder: Vit; release: () => void }> {
  const config = readVitConfig(await folder.json(`${path}/config.json`));
  const tensors = await folder.tensors(`${path}/model.safetensors`);
  const parameters = parametersFrom(context, parametersOf(config), tensors, path);
  const encoder = new Vit(context, config, parameters);
  return {
    encoder,
    release: () => {
      encoder.release();
      parameters.release();
    },
  };
}

/** `dinov2/forward.safetensors`: every hidden state and the interpolated position table, to 1e-4 relative. */
export async function checkForward(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const golden = await folder.tensors('dinov2/forward.safetensors');
  const { encoder, release } = await loadGoldenEncoder(context, folder, 'dinov2/model');
  const checks: GoldenCheck[] = [];
  const compare = async (name: string, tensor: Tensor): Promise<void> => {
    const expected = golden.get(name)!;
    checks.push({
      name: `dinov2 ${name}`,
      error: relativeError(await context.read(tensor), expected.values),
      tolerance: 1e-4,
    });
  };
  const { shape, values } = golden.get('pixel_values')!;
  const pixels = context.fromArray(values, shape, 'pixel_values');
  let x = context.scope(() => encoder.embed(pixels));
  await compare('hidden_states.0', x);
  for (let layer = 0; layer < encoder.config.layers; layer++) {
    const next = context.scope(() => encoder.layers(x, layer, layer + 1));
    x.release();
    x = next;
    await compare(`hidden_states.${layer + 1}`, x);
  }
  const last = context.scope(() => encoder.norm(x));
  await compare('last_hidden_state', last);
  for (const tensor of [x, last, pixels]) tensor.release();
  release();
  return checks;
}

/** Settings file of the LoRA golden. */
interface LoraGolden {
  r: number;
  alpha: number;
  tau: number;
  batch: number;
  losses: number[];
}

/**
 * `dinov2/lora.*`: embedding, loss, gradients of the first step, five Adam steps (losses to 1e-4, weights to 1e-3), once with
 * the whole batch and once in micro-batches of one triplet.
 */
export async function checkLora(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const settings = (await folder.json('dinov2/lora.json')) as LoraGolden;
  const golden = await folder.tensors('dinov2/lora.safetensors');
  const forward = await folder.tensors('dinov2/forward.safetensors');
  const { encoder, release } = await loadGoldenEncoder(context, folder, 'dinov2/model');
  const checks: GoldenCheck[] = [];
  for (const microBatch of [settings.batch, 1]) {
    checks.push(...(await trainFiveSteps(context, encoder, settings, golden, forward, microBatch)));
  }
  release();
  return checks;
}

async function trainFiveSteps(
  context: Context,
  encoder: Vit,
  settings: LoraGolden,
  golden: Tensors,
  forward: Tensors,
  microBatch: number,
): Promise<GoldenCheck[]> {
  const label = microBatch === settings.batch ? 'lora' : `lora, micro-batches of ${microBatch}`;
  const checks: GoldenCheck[] = [];
  const { config } = encoder;
  const lora = VitLora.fromAdapter(context, config, initialAdapter(settings, golden, config), true);
  const optimizer = new Adam(context, lora.parameters(), { learningRate: 3e-3, betas: [0.5, 0.999] });
  const { shape, values } = forward.get('pixel_values')!;
  const viewSize = values.length / shape[0]!;
  // The golden rows are all anchors, all positives, all negatives; a batch runs triplet by triplet.
  const order = Array.from(
    { length: 3 * settings.batch },
    (_, i) => (i % 3) * settings.batch + Math.floor(i / 3),
  );
  const batch = {
    triplets: settings.batch,
    fromLayer: 0,
    tokens: (first: number, count: number): Tensor => {
      const rows = new Float32Array(count * viewSize);
      order.slice(first, first + count).forEach((row, i) => {
        rows.set(values.subarray(row * viewSize, (row + 1) * viewSize), i * viewSize);
      });
      return encoder.embed(context.fromArray(rows, [count, ...shape.slice(1)]));
    },
    coverage: () => {
      throw new Error('this golden has no patch term');
    },
  };
  const step = {
    loss: 'info-nce',
    temperature: settings.tau,
    embedding: 'cls+mean',
    patchTerm: null,
  } as const;
  for (const [i, expected] of settings.losses.entries()) {
    zeroGrad(lora.parameters());
    const scalars = contrastiveStep(context, encoder, lora, batch, step, microBatch);
    const [loss] = await context.read(scalars.loss);
    checks.push({
      name: `${label} loss ${i + 1}`,
      error: Math.abs(loss! - expected) / expected,
      tolerance: 1e-4,
    });
    for (const tensor of Object.values(scalars)) tensor.release();
    if (i === 0) checks.push(...(await compareWeights(context, lora, golden, settings.r, 'grad', label)));
    optimizer.step();
  }
  checks.push(...(await compareWeights(context, lora, golden, settings.r, 'after5', label)));
  optimizer.dispose();
  lora.release();
  return checks;
}

function initialAdapter({ r, alpha }: LoraGolden, golden: Tensors, config: Vit['config']): LoraAdapter {
  const width = config.width;
  const tensors: LoraAdapter['tensors'] = {};
  const layers = Array.from({ length: config.layers }, (_, i) => i);
  for (const layer of layers) {
    for (const part of ['query', 'key', 'value'] as const) {
      tensors[`encoder.layer.${layer}.attention.attention.${part}`] = {
        A: golden.get(`layer.${layer}.lora_A.init`)!.values,
        B: golden.get(`layer.${layer}.${part}.lora_B.init`)!.values,
        inFeatures: width,
        outFeatures: width,
      };
    }
  }
  const targets: LoraAdapter['targets'] = ['query', 'key', 'value'];
  return { rank: r, alpha, dropout: 0, targets, layers, baseModel: 'golden', tensors, sharedA: true };
}

async function compareWeights(
  context: Context,
  lora: VitLora,
  golden: Tensors,
  rank: number,
  kind: 'grad' | 'after5',
  label: string,
): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  const read = (tensor: Tensor) => context.read(kind === 'grad' ? tensor.grad! : tensor);
  const compare = (name: string, values: Float32Array): void => {
    const error = relativeError(values, golden.get(`${name}.${kind}`)!.values);
    checks.push({ name: `${label} ${name}.${kind}`, error, tolerance: 1e-3 });
  };
  for (const layer of lora.options.layers) {
    const { a, b } = lora.at(layer, 'qkv')!;
    compare(`layer.${layer}.lora_A`, await read(a));
    const values = await read(b);
    const part = (b.shape[0]! / 3) * rank;
    ['query', 'key', 'value'].forEach((name, i) => {
      compare(`layer.${layer}.${name}.lora_B`, values.subarray(i * part, (i + 1) * part));
    });
  }
  return checks;
}
