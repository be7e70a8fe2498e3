import type * as Ort from 'onnxruntime-web';
import type { Timing } from '../../report.ts';
import { type TimingOptions, timeRuns } from '../../timing.ts';

/**
 * onnxruntime-web's WebAssembly provider, from the folder that the bench serves beside the app. The number of threads is fixed by
 * the first session of a page.
 */
export async function loadOrtWasm(baseUrl: string, threads: number): Promise<typeof Ort> {
  const folder = `${baseUrl}ort/`;
  const ort: typeof Ort = await import(/* @vite-ignore */ `${folder}ort.wasm.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = threads;
  return ort;
}

/**
 * Time of a forward pass and its output.
 * @param pixels and their shape [images, 3, side, side]
 * @throws Error when onnxruntime-web takes another number of threads than it was given
 */
export async function timeOrtWasm(
  ort: typeof Ort,
  model: Uint8Array,
  pixels: { values: Float32Array<ArrayBuffer>; shape: readonly number[] },
  options: TimingOptions,
): Promise<Timing & { output: Float32Array }> {
  const threads = ort.env.wasm.numThreads;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  if (ort.env.wasm.numThreads !== threads)
    throw new Error(`onnxruntime-web takes ${ort.env.wasm.numThreads} threads instead of ${threads}`);
  const feeds = { [session.inputNames[0]!]: new ort.Tensor('float32', pixels.values, [...pixels.shape]) };
  const name = session.outputNames[0]!;
  let output = new Float32Array();
  try {
    const timing = await timeRuns(async () => {
      output = (await session.run(feeds))[name]!.data as Float32Array<ArrayBuffer>;
    }, options);
    return { ...timing, output: output.slice() };
  } finally {
    await session.release();
  }
}
