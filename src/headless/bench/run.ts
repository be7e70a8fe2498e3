import { requestGpuDevice } from '../../backend/webgpu/adapter.ts';
import { WebGpuBackend } from '../../backend/webgpu/backend.ts';
import { tuneMatmul } from '../../backend/webgpu/matmul/tuning.ts';
import { Context } from '../../tensor/context.ts';
import { benchAttention } from './attention.ts';
import { Rivals } from './compare.ts';
import { embeddedEncoder, firstLayers, randomDinov2S } from './encoders.ts';
import { runFamiliar } from './familiar.ts';
import { benchGenerator } from './generator.ts';
import { benchHover } from './hover.ts';
import { benchMatmul } from './matmul.ts';
import { planCases } from './plan.ts';
import { adapterName, type BenchReport, didTheSame, MOST_ERROR } from './report.ts';
import { SOFTWARE_TIMING, TIMING } from './timing.ts';

/** What `npm run bench` asks for; addresses are on the page's own server. */
export interface BenchRequest {
  /** An ONNX file of the embedded encoder to time in onnxruntime-web too. */
  onnx?: string;
  /** Only the generator. */
  onlyGenerator: boolean;
  /** Name of a function of the page that takes the report as it grows. */
  progress: string;
}

/** Layers of the original DINOv2-S. */
const DINOV2_S_LAYERS = 12;

/** When another engine cannot do a batch, all engines are given half of it, down to this many images. */
const FEWEST_IMAGES = 6;

/** Measure kernels, encoders, training steps and hover maps, and the same in other engines. */
export async function runBench({ onnx, onlyGenerator, progress }: BenchRequest): Promise<BenchReport> {
  const tell = (globalThis as unknown as Record<string, (report: BenchReport, next: string) => void>)[
    progress
  ]!;
  const baseUrl = new URL('.', location.href).href;
  const backend = new WebGpuBackend(await requestGpuDevice());
  const context = new Context(backend);
  const { adapter } = context.gpu;
  const report: BenchReport = {
    adapter: adapterName(adapter),
    software: adapter.software,
    features: adapter.features,
    mostError: MOST_ERROR,
    matmul: [],
    attention: [],
    encoders: [],
    hover: [],
    generator: [],
    kernels: [],
  };
  const options = adapter.software ? SOFTWARE_TIMING : TIMING;
  await tuneMatmul(backend);
  const generator = async (): Promise<void> => {
    tell(report, 'generator');
    const { rows, kernels } = await benchGenerator(context, baseUrl, options);
    report.generator = rows;
    report.kernels = kernels;
  };
  if (onlyGenerator) {
    await generator();
    context.destroy();
    return report;
  }
  tell(report, 'matrix products');
  report.matmul = await benchMatmul(context);
  tell(report, 'attention');
  report.attention = await benchAttention(context);
  const hosts = [await embeddedEncoder(baseUrl), randomDinov2S(DINOV2_S_LAYERS)];
  for (const host of hosts) {
    tell(report, `hover maps, ${host.name}`);
    report.hover.push(await benchHover(context, firstLayers(host, 1)));
  }
  const others = new Rivals(context, baseUrl, onnx);
  const queue = planCases(hosts, adapter.software, onnx !== undefined);
  for (let item = queue.shift(); item; item = queue.shift()) {
    const label = `${item.kind}, ${item.encoder}, ${item.layers} layers, ${item.images} images`;
    tell(report, `${label}, familiar`);
    const { row, output } = await runFamiliar(context, item, options);
    report.encoders.push(row);
    let failed = false;
    for (const engine of item.rivals) {
      tell(report, `${label}, ${engine}`);
      const other = await others.run(engine, item, output, options);
      report.encoders.push(other);
      if (engine === 'onnxruntime-web' || engine === 'jax-js') failed ||= !didTheSame(other);
    }
    const smaller = item.images / 2;
    if (failed && smaller >= FEWEST_IMAGES) queue.unshift({ ...item, images: smaller });
  }
  await generator();
  context.destroy();
  return report;
}
