import { relativeError } from '../../images/relativeError.ts';
import { readUNet2DConfig } from '../../models/unet2d/config.ts';
import { UNet2DLora } from '../../models/unet2d/lora.ts';
import type { LoraPair } from '../../models/unet2d/loraModules.ts';
import { loraSites } from '../../models/unet2d/loraSites.ts';
import { UNet2D } from '../../models/unet2d/model.ts';
import { UNet2DWeightLoader } from '../../models/unet2d/weights.ts';
import type { FloatTensor } from '../../models/weights/safetensors/parse.ts';
import { Adam } from '../../nn/optim/adam.ts';
import { zeroGrad } from '../../nn/optim/parameters.ts';
import type { Context } from '../../tensor/context.ts';
import { weightedMse } from '../../tensor/ops/weightedMse.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GoldenCheck, GoldenFolder } from './check.ts';

/** Settings file of the LoRA golden. */
interface LoraGolden {
  rank: number;
  scale: number;
  losses: number[];
}

/** Numbers of images from [N, C, H, W] to [N, H, W, C]. */
export function channelsLast({ dtype, shape, values }: FloatTensor): FloatTensor {
  const [n, c, h, w] = shape as [number, number, number, number];
  const turned = new Float32Array(values.length);
  for (let image = 0; image < n; image++)
    for (let channel = 0; channel < c; channel++)
      for (let p = 0; p < h * w; p++)
        turned[(image * h * w + p) * c + channel] = values[(image * c + channel) * h * w + p]!;
  return { dtype, shape: [n, h, w, c], values: turned };
}

/**
 * `unet/`: a random diffusers UNet. Output with and without LoRA to 1e-4 relative, gradients of an MSE to 1e-3, and three
 * steps of AdamW: losses and weights to 1e-4.
 */
export async function checkUNet(context: Context, folder: GoldenFolder): Promise<GoldenCheck[]> {
  const config = readUNet2DConfig(await folder.json('unet/model/config.json'));
  const loader = new UNet2DWeightLoader(context, config);
  for (const [name, { shape, values }] of await folder.tensors(
    'unet/model/diffusion_pytorch_model.safetensors',
  )) {
    loader.add(name, shape, values);
  }
  const unet = new UNet2D(context, config, loader.finish());
  const settings = (await folder.json('unet/lora.json')) as LoraGolden;
  const golden = await folder.tensors('unet/lora.safetensors');
  const upload = (tensor: FloatTensor) => context.fromArray(tensor.values, tensor.shape);
  const sample = upload(channelsLast(golden.get('sample')!));
  const target = upload(channelsLast(golden.get('target')!));
  const text = upload(golden.get('encoder_hidden_states')!);
  const weights = context.fromArray(new Float32Array(sample.rows).fill(1), [sample.rows]);
  const timesteps = [...golden.get('timestep')!.values];
  const checks: GoldenCheck[] = [];
  const compare = (name: string, values: Float32Array, expected: Float32Array, tolerance: number) =>
    checks.push({ name: `unet ${name}`, error: relativeError(values, expected), tolerance });
  const predict = (lora?: UNet2DLora): Tensor => unet.forward({ sample, timesteps, text, lora });
  const compareOutput = async (name: string, lora?: UNet2DLora): Promise<void> => {
    const output = context.scope(() => predict(lora));
    compare(name, await context.read(output), channelsLast(golden.get(name)!).values, 1e-4);
    output.release();
  };
  await compareOutput('out_sample');

  const { rank, scale } = settings;
  const targets = ['attention'] as const;
  const modules = modulesOf(golden, 'init', unet);
  const lora = UNet2DLora.fromAdapter(context, config, { rank, alpha: rank * scale, targets, modules }, true);
  await compareOutput('lora_out_sample', lora);
  const optimizer = new Adam(context, lora.parameters(), {
    ...{ learningRate: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 1e-2, decoupled: true },
  });
  const compareModules = (found: Record<string, LoraPair>, kind: string, tolerance: number): void => {
    for (const [path, { A, B }] of Object.entries(modulesOf(golden, kind, unet))) {
      compare(`${path}.lora_A.${kind}`, found[path]!.A, A, tolerance);
      compare(`${path}.lora_B.${kind}`, found[path]!.B, B, tolerance);
    }
  };
  for (const [i, expected] of settings.losses.entries()) {
    zeroGrad(lora.parameters());
    const loss = context.backward(() => weightedMse(context, predict(lora), target, weights));
    const [value] = await context.read(loss);
    loss.release();
    checks.push({
      name: `unet loss ${i + 1}`,
      error: Math.abs(value! - expected) / expected,
      tolerance: 1e-4,
    });
    if (i === 0) compareModules(await lora.gradients(), 'grad', 1e-3);
    optimizer.step();
  }
  compareModules((await lora.toAdapter()).modules, `after${settings.losses.length}`, 1e-4);
  optimizer.dispose();
  lora.release();
  for (const tensor of [sample, target, text, weights]) tensor.release();
  loader.release();
  return checks;
}

/** The golden file's pairs of one kind (`init`, `grad`, `after3`). */
function modulesOf(
  golden: Map<string, FloatTensor>,
  kind: string,
  { config }: UNet2D,
): Record<string, LoraPair> {
  const modules: Record<string, LoraPair> = {};
  for (const site of loraSites(config, ['attention'])) {
    for (const path of site.modules) {
      const { inFeatures, outFeatures } = site;
      const values = (part: string) => golden.get(`${path}.lora_${part}.${kind}`)!.values;
      modules[path] = { A: values('A'), B: values('B'), inFeatures, outFeatures, taps: 1 };
    }
  }
  return modules;
}
