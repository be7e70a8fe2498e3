import { requestGpuDevice } from '../../gpu/adapter.ts';
import { Context } from '../../tensor/context.ts';
import { tuneMatmul } from '../../tensor/ops/matmul/tuning.ts';
import { benchAttention } from './attention.ts';
import { Rivals } from './compare.ts';
import { embeddedEncoder, randomDinov2S } from './encoders.ts';
import { forwardFamiliar, stepFamiliar } from './familiar.ts';
import { benchHover } from './hover.ts';
import { benchMatmul } from './matmul.ts';
import { planCases } from './plan.ts';
import { adapterName, type BenchReport } from './report.ts';
import { SOFTWARE_TIMING, TIMING } from './timing.ts';

/** What `npm run bench` asks for; addresses are on the page's own server. */
export interface BenchRequest {
  /** An ONNX file of the embedded encoder to time in onnxruntime-web too. */
  onnx?: string;
  /** Name of a function of the page that takes the report as it grows. */
  progress: string;
}

/** Layers of the original DINOv2-S. */
const DINOV2_S_LAYERS = 12;

/** Measure kernels, encoders, training steps and hover maps, and the same in other engines. */
export async function runBench({ onnx, progress }: BenchRequest): Promise<BenchReport> {
  const tell = (globalThis as unknown as Record<string, (report: BenchReport, next: string) => void>)[
    progress
  ]!;
  const baseUrl = new URL('.', location.href).href;
  const context = new Context(await requestGpuDevice());
  const { adapter } = context.gpu;
  const report: BenchReport = {
    adapter: adapterName(adapter),
    software: adapter.software,
    features: adapter.features,
    matmul: [],
    attention: [],
    encoders: [],
    hover: [],
  };
  await tuneMatmul(context);
  tell(report, 'matrix products');
  report.matmul = await benchMatmul(context);
  tell(report, 'attention');
  report.attention = await benchAttention(context);
  const hosts = [await embeddedEncoder(baseUrl), randomDinov2S(DINOV2_S_LAYERS)];
  for (const host of hosts) {
    tell(report, `hover maps, ${host.name}`);
    report.hover.push(await benchHover(context, host));
  }
  const options = adapter.software ? SOFTWARE_TIMING : TIMING;
  const rivals = new Rivals(context, baseUrl, onnx);
  for (const item of planCases(hosts, adapter.software)) {
    const { host, compare, ...row } = item;
    const label = `${item.kind}, ${item.encoder}, ${item.layers} layers, ${item.images} images`;
    tell(report, `${label}, familiar`);
    let expected: ArrayLike<number>;
    if (item.kind === 'forward') {
      const { output, ...timing } = await forwardFamiliar(context, host, item.images, options);
      report.encoders.push({ ...row, engine: 'familiar', ...timing });
      expected = output;
    } else {
      const { losses, microBatch, ...timing } = await stepFamiliar(context, host, item.images, options);
      const whole = microBatch * 3 >= item.images;
      const note = whole ? 'whole batch at once' : `micro-batches of ${microBatch * 3} images`;
      report.encoders.push({ ...row, engine: 'familiar', ...timing, note });
      expected = losses;
    }
    if (!compare) continue;
    for (const engine of rivals.engines(item)) {
      tell(report, `${label}, ${engine}`);
      report.encoders.push(await rivals.run(engine, item, expected, options));
    }
  }
  context.destroy();
  return report;
}
