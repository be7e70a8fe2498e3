import { relativeError } from '../../images/relativeError.ts';
import type { LoraAdapter } from '../../models/peft/types.ts';
import { VitLora } from '../../models/vit/lora.ts';
import type { Vit } from '../../models/vit/model.ts';
import type { FloatTensor } from '../../models/weights/safetensors/parse.ts';
import { Adam } from '../../nn/optim/adam.ts';
import { zeroGrad } from '../../nn/optim/parameters.ts';
import type { Context } from '../../tensor/context.ts';
import { weightedMse } from '../../tensor/ops/weightedMse.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';
import { loadGoldenEncoder } from './dinov2.ts';

type Tensors = ReadonlyMap<string, FloatTensor>;

/** Cases of `encoders/` that the engine can run. */
export const ENCODER_CASES: readonly string[] = ['dinov2_registers'];

/** Sizes of a case's inputs: its own, wide, larger and smaller than its position table. */
const SIZES = ['', 'wide.', 'large.', 'small.'];

const PARTS = ['query', 'key', 'value'] as const;

/**
 * `encoders/<case>`: every hidden state at four sizes to 1e-4, then LoRA on query, key and value against a fixed target: first
 * gradients and weights after five Adam steps to 1e-3, losses to 1e-4.
 */
export async function checkEncoder(
  context: Context,
  folder: GoldenFolder,
  name: string,
): Promise<GoldenCheck[]> {
  const { encoder, release } = await loadGoldenEncoder(context, folder, `encoders/${name}/model`);
  const forward = await folder.tensors(`encoders/${name}/forward.safetensors`);
  const checks: GoldenCheck[] = [];
  for (const size of SIZES) checks.push(...(await checkStates(context, encoder, forward, name, size)));
  const settings = (await folder.json(`encoders/${name}/lora.json`)) as LoraGolden;
  const lora = await folder.tensors(`encoders/${name}/lora.safetensors`);
  checks.push(...(await trainFiveSteps(context, encoder, settings, lora, name)));
  release();
  return checks;
}

async function checkStates(
  context: Context,
  encoder: Vit,
  golden: Tensors,
  name: string,
  size: string,
): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  const compare = async (state: string, tensor: Tensor): Promise<void> => {
    const error = relativeError(await context.read(tensor), golden.get(size + state)!.values);
    checks.push({ name: `${name} ${size}${state}`, error, tolerance: 1e-4 });
  };
  const { shape, values } = golden.get(`${size}pixel_values`)!;
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
  return checks;
}

/** Settings file of a case's LoRA. */
interface LoraGolden {
  r: number;
  alpha: number;
  losses: number[];
}

async function trainFiveSteps(
  context: Context,
  encoder: Vit,
  { r, alpha, losses }: LoraGolden,
  golden: Tensors,
  name: string,
): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  const { config } = encoder;
  const modules = modulesOf(golden);
  const tensors = Object.fromEntries(
    modules.map((path) => {
      const at = (half: string) => golden.get(`${PREFIX}${path}.lora_${half}.weight.init`)!.values;
      return [path, { A: at('A'), B: at('B'), inFeatures: config.width, outFeatures: config.width }];
    }),
  );
  const layers = Array.from({ length: config.layers }, (_, i) => i);
  const adapter: LoraAdapter = {
    ...{ rank: r, alpha, dropout: 0, targets: [...PARTS], layers, baseModel: 'golden', tensors },
    sharedA: false,
  };
  const lora = VitLora.fromAdapter(context, config, adapter, true);
  const optimizer = new Adam(context, lora.parameters(), { learningRate: 3e-3, betas: [0.5, 0.999] });
  const upload = (key: string) => {
    const { shape, values } = golden.get(key)!;
    return context.fromArray(values, shape, key);
  };
  const [pixels, target] = [upload('pixel_values'), upload('target')];
  const weights = context.fromArray(new Float32Array(target.rows).fill(1), [target.rows], 'weights');
  for (const [i, expected] of losses.entries()) {
    zeroGrad(lora.parameters());
    const loss = context.backward(() => weightedMse(context, encoder.forward(pixels, lora), target, weights));
    const [value] = await context.read(loss);
    loss.release();
    const error = Math.abs(value! - expected) / expected;
    checks.push({ name: `${name} loss ${i + 1}`, error, tolerance: 1e-4 });
    if (i === 0) checks.push(...(await compareWeights(context, lora, golden, 'grad', name)));
    optimizer.step();
  }
  checks.push(...(await compareWeights(context, lora, golden, 'after5', name)));
  optimizer.dispose();
  lora.release();
  for (const tensor of [pixels, target, weights]) tensor.release();
  return checks;
}

/** PEFT's, before the paths of modules. */
const PREFIX = 'base_model.model.';

/** Paths of the adapted modules. */
function modulesOf(golden: Tensors): string[] {
  const ending = '.lora_A.weight.init';
  return [...golden.keys()]
    .filter((key) => key.endsWith(ending))
    .map((key) => key.slice(PREFIX.length, -ending.length));
}

async function compareWeights(
  context: Context,
  lora: VitLora,
  golden: Tensors,
  kind: 'grad' | 'after5',
  name: string,
): Promise<GoldenCheck[]> {
  const checks: GoldenCheck[] = [];
  for (const layer of lora.options.layers) {
    const weights = lora.at(layer, 'qkv')!;
    for (const [half, tensor] of [
      ['A', weights.a],
      ['B', weights.b],
    ] as const) {
      const values = await context.read(kind === 'grad' ? tensor.grad! : tensor);
      const part = values.length / PARTS.length;
      for (const [i, module] of PARTS.entries()) {
        const path = `encoder.layer.${layer}.attention.attention.${module}.lora_${half}.weight`;
        const expected = golden.get(`${PREFIX}${path}.${kind}`)!.values;
        const error = relativeError(values.subarray(i * part, (i + 1) * part), expected);
        checks.push({ name: `${name} ${path}.${kind}`, error, tolerance: 1e-3 });
      }
    }
  }
  return checks;
}
