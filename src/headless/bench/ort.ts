import type * as Ort from 'onnxruntime-web';
import type { Timing } from './report.ts';
import { type TimingOptions, timeRuns } from './timing.ts';

/** onnxruntime-web from the folder that the bench serves beside the app; its WebAssembly comes from there too. */
export async function loadOrt(baseUrl: string): Promise<typeof Ort> {
  const folder = `${baseUrl}ort/`;
  const ort: typeof Ort = await import(/* @vite-ignore */ `${folder}ort.webgpu.bundle.min.mjs`);
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** Time of a forward pass with its output, and whose device it ran on. */
export interface OrtResult extends Timing {
  output: Float32Array<ArrayBuffer>;
  device: 'own' | 'shared';
}

/**
 * Time onnxruntime-web's WebGPU execution provider on a model. Input and output stay in GPU memory, as for this engine; a
 * run ends when the device has done its work.
 * @param pixels [images, 3, side, side] and the shape of the output
 */
export async function timeOrt(
  ort: typeof Ort,
  ours: GPUDevice | undefined,
  model: Uint8Array,
  pixels: { values: Float32Array<ArrayBuffer>; shape: readonly number[] },
  outputShape: readonly number[],
  options?: TimingOptions,
): Promise<OrtResult> {
  const { session, device } = await createSession(ort, ours, model);
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = (bytes: number) => device.createBuffer({ size: bytes, usage });
  const outputBytes = outputShape.reduce((product, side) => product * side, 4);
  const [input, result] = [buffer(pixels.values.byteLength), buffer(outputBytes)];
  device.queue.writeBuffer(input, 0, pixels.values);
  const onGpu = (gpuBuffer: GPUBuffer, dims: readonly number[]) =>
    ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: 'float32', dims: [...dims] });
  const feeds = { [session.inputNames[0]!]: onGpu(input, pixels.shape) };
  const fetches = { [session.outputNames[0]!]: onGpu(result, outputShape) };
  try {
    const timing = await timeRuns(async () => {
      await session.run(feeds, fetches);
      await device.queue.onSubmittedWorkDone();
    }, options);
    const output = new Float32Array(await readBuffer(device, result, outputBytes));
    return { ...timing, output, device: device === ours ? 'shared' : 'own' };
  } finally {
    await session.release();
    input.destroy();
    result.destroy();
  }
}

/** A session on our device, or on one that onnxruntime-web makes where we have none or it does not take ours. */
async function createSession(
  ort: typeof Ort,
  ours: GPUDevice | undefined,
  model: Uint8Array,
): Promise<{ session: Ort.InferenceSession; device: GPUDevice }> {
  const create = (provider: { device?: GPUDevice }) =>
    ort.InferenceSession.create(model, {
      executionProviders: [{ name: 'webgpu', ...provider }],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  if (ours) {
    try {
      return { session: await create({ device: ours }), device: ours };
    } catch (error) {
      console.error(`onnxruntime-web did not take this engine's device: ${(error as Error).message}`);
    }
  }
  const session = await create({});
  return { session, device: (await ort.env.webgpu.device) as GPUDevice };
}

async function readBuffer(device: GPUDevice, source: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  const staging = device.createBuffer({
    size: bytes,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const copy = staging.getMappedRange().slice(0);
  staging.destroy();
  return copy;
}
