import { relativeError } from '../../../../images/relativeError.ts';
import { embeddedEncoder, firstLayers, type HostEncoder } from '../../encoders.ts';
import { LOSS_STEPS, runFamiliar } from '../../familiar.ts';
import { caseFlops } from '../../flops.ts';
import { type JaxDevice, loadJax, stepJax } from '../../jax/step.ts';
import { encoderCase } from '../../plan.ts';
import type { Timing } from '../../report.ts';
import { onCpu } from '../openCpu.ts';
import { LONG, RIVAL } from '../timing.ts';

/** A LoRA step by one engine, or why there is none. */
export interface LoraStepRow extends Partial<Timing> {
  engine: string;
  layers: number;
  images: number;
  /** Relative error of the losses of the first steps against ours. */
  error?: number;
  skipped?: string;
}

/** Images of a step: two triplets. */
const IMAGES = 6;
/** Layers that others do first; by that it is known how long all layers would take. */
const FEW_LAYERS = 2;
/** Longest that a rival may be expected to take, in seconds. */
const MOST_SECONDS = 60;

const RIVALS: readonly JaxDevice[] = ['wasm', 'webgpu'];

/** Time a LoRA step of six images on all cores, and jax-js on the same weights, images and loss. */
export async function benchLoraStep(): Promise<LoraStepRow[]> {
  const baseUrl = new URL('.', location.href).href;
  const host = await embeddedEncoder(baseUrl);
  const hosts = [firstLayers(host, FEW_LAYERS), host];
  const rows: LoraStepRow[] = [];
  const losses: ArrayLike<number>[] = [];
  for (const each of hosts) {
    const { row, output } = await onCpu(undefined, (context) =>
      runFamiliar(context, encoderCase(each, 'step', IMAGES, ['jax-js']), LONG),
    );
    const { engine, layers, images, firstMs, bestMs, medianMs, runs } = row;
    rows.push({ engine, layers, images, firstMs, bestMs, medianMs, runs });
    losses.push(output);
  }
  for (const device of RIVALS) {
    let secondsPerFlop = 0;
    for (const [i, each] of hosts.entries()) {
      const row = await rival(baseUrl, device, each, losses[i]!, secondsPerFlop);
      rows.push(row);
      if (row.bestMs === undefined) break;
      secondsPerFlop = row.bestMs / 1000 / stepFlops(each);
    }
  }
  return rows;
}

async function rival(
  baseUrl: string,
  device: JaxDevice,
  host: HostEncoder,
  ours: ArrayLike<number>,
  secondsPerFlop: number,
): Promise<LoraStepRow> {
  const about = {
    engine: `jax-js, ${device === 'webgpu' ? 'WebGPU in software' : 'wasm'}`,
    ...{ layers: host.config.layers, images: IMAGES },
  };
  // Warm-ups and one timed run.
  const seconds = (LOSS_STEPS + 1) * secondsPerFlop * stepFlops(host);
  if (seconds > MOST_SECONDS)
    return { ...about, skipped: `would take about ${Math.round(seconds)} s by its rate so far` };
  try {
    const jax = await loadJax(baseUrl, device);
    const { losses, ...timing } = await stepJax(jax, host, IMAGES, RIVAL);
    return { ...about, ...timing, error: relativeError(losses, ours) };
  } catch (error) {
    return { ...about, skipped: `failed: ${(error as Error).message}` };
  }
}

function stepFlops(host: HostEncoder): number {
  return caseFlops(host, { kind: 'step', images: IMAGES });
}
