import type { KernelTime } from '../../../../backend/backend.ts';
import { relativeError } from '../../../../images/relativeError.ts';
import type { Context } from '../../../../tensor/context.ts';
import { embeddedEncoder, type HostEncoder, loadHostEncoder, randomPixels } from '../../encoders.ts';
import { runFamiliar } from '../../familiar.ts';
import { dinov2Onnx } from '../../onnx/dinov2.ts';
import { encoderCase } from '../../plan.ts';
import { profiled } from '../../profiled.ts';
import type { Timing } from '../../report.ts';
import { onCpu } from '../openCpu.ts';
import { LONG, SHORT } from '../timing.ts';
import { loadOrtWasm, timeOrtWasm } from './ortWasm.ts';

/** A forward pass by one engine. */
export interface ForwardRow extends Timing {
  engine: string;
  images: number;
  /** Relative error of the last hidden states against ours. */
  error?: number;
}

/** Forward passes of the embedded encoder on some number of threads. */
export interface EncoderReport {
  threads: number;
  rows: ForwardRow[];
  /** Time by family of one pass of one image. */
  kernels: KernelTime[];
}

/** How attention is written in the ONNX files: the faster of the two counts. */
const FORMS = { standard: 'onnxruntime-web', fused: 'onnxruntime-web, MultiHeadAttention' } as const;

/**
 * Time the embedded encoder on one image and on eight, and onnxruntime-web on one, on as many threads in the same page. Must be
 * the first in its page to use onnxruntime-web.
 */
export async function benchEncoder({ threads }: { threads: number }): Promise<EncoderReport> {
  const baseUrl = new URL('.', location.href).href;
  const host = await embeddedEncoder(baseUrl);
  // Ours ends before the other begins: idle threads of onnxruntime-web keep turning for a while.
  const { rows, kernels, output } = await onCpu(threads, (context) => ours(context, host));
  const side = host.preprocess.cropWidth;
  const pixels = { values: randomPixels(1, side), shape: [1, 3, side, side] };
  const ort = await loadOrtWasm(baseUrl, threads);
  for (const form of ['standard', 'fused'] as const) {
    const { output: theirs, ...timing } = await timeOrtWasm(ort, dinov2Onnx(host, 1, form), pixels, SHORT);
    rows.push({ engine: FORMS[form], images: 1, ...timing, error: relativeError(theirs, output) });
  }
  return { threads, rows, kernels };
}

async function ours(context: Context, host: HostEncoder) {
  const rows: ForwardRow[] = [];
  let output: ArrayLike<number> = [];
  for (const images of [8, 1]) {
    const item = encoderCase(host, 'forward', images, []);
    const result = await runFamiliar(context, item, images === 1 ? SHORT : LONG);
    const { engine, firstMs, bestMs, medianMs, runs } = result.row;
    rows.unshift({ engine, images, firstMs, bestMs, medianMs, runs });
    output = result.output;
  }
  return { rows, output, kernels: await profileForward(context, host) };
}

async function profileForward(context: Context, host: HostEncoder): Promise<KernelTime[]> {
  const side = host.preprocess.cropWidth;
  const { encoder, release } = loadHostEncoder(context, host);
  const pixels = context.fromArray(randomPixels(1, side), [1, 3, side, side], 'pixels');
  const forward = () => encoder.forward(pixels).release();
  // Weights are packed by the first.
  forward();
  await context.finish();
  const kernels = await profiled(context, forward);
  pixels.release();
  release();
  return kernels;
}
