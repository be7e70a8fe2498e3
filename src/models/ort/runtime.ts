import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-web';
import { openWhereItRuns } from './fallback.ts';

/** Parts of onnxruntime-web that we use, the same in both of its builds. */
interface OrtModule {
  env: { wasm: { numThreads?: number; wasmPaths?: unknown; proxy?: boolean }; logLevel?: string };
  InferenceSession: {
    create(bytes: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  Tensor: TensorConstructor;
}

/** Numbers going into or coming out of a session. */
export interface OrtValue {
  values: Float32Array | BigInt64Array;
  shape: readonly number[];
}

/** A frozen network run by ONNX Runtime: one input, one output. */
export interface OrtModel {
  /** Run on one input; the output's numbers are a copy. */
  run(input: OrtValue): Promise<OrtValue & { values: Float32Array }>;
  release(): Promise<void>;
}

/** An ONNX file that cannot be used; the message names the file and what was expected. */
export class OrtModelError extends Error {
  override readonly name = 'OrtModelError';
}

/** Where ONNX Runtime computes: on our own GPU device, or on the CPU. */
export type OrtBackend = { kind: 'wasm' } | { kind: 'webgpu'; device: GPUDevice };

const loaded = new Map<OrtBackend['kind'], Promise<OrtModule>>();

/**
 * Load an ONNX network with one input and one output. The runtime itself is fetched from our own origin, at the first
 * use only: who trains on photos alone never downloads it. What does not run on the GPU runs on the CPU.
 * @param fileName for messages
 * @throws OrtModelError
 */
export async function openOrtModel(
  bytes: Uint8Array,
  fileName: string,
  backend: OrtBackend,
): Promise<OrtModel> {
  if (backend.kind === 'wasm') return openOn(bytes, fileName, backend);
  return openWhereItRuns(
    [() => openOn(bytes, fileName, backend), () => openOn(bytes, fileName, { kind: 'wasm' })],
    ({ message }) => console.warn(`${fileName} does not run on this GPU, the CPU takes it: ${message}`),
  );
}

async function openOn(bytes: Uint8Array, fileName: string, backend: OrtBackend): Promise<OrtModel> {
  const ort = await runtime(backend.kind);
  let session: InferenceSession;
  try {
    session = await ort.InferenceSession.create(bytes, {
      executionProviders: [backend.kind === 'wasm' ? 'wasm' : { name: 'webgpu', device: backend.device }],
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new OrtModelError(`${fileName} cannot be run: ${(error as Error).message}. Get the file again.`);
  }
  const { inputNames, outputNames } = session;
  if (inputNames.length !== 1 || outputNames.length !== 1) {
    throw new OrtModelError(
      `${fileName} has ${inputNames.length} inputs and ${outputNames.length} outputs; one of each was expected.`,
    );
  }
  return {
    run: async ({ values, shape }) => {
      const input = tensorOf(ort, values, shape);
      const { [outputNames[0]!]: output } = await session.run({ [inputNames[0]!]: input });
      const data = await output!.getData();
      if (!(data instanceof Float32Array)) {
        throw new OrtModelError(`${fileName} gives ${output!.type}; float32 was expected.`);
      }
      const result = { values: data.slice(), shape: [...output!.dims] };
      output!.dispose();
      return result;
    },
    release: () => session.release(),
  };
}

function tensorOf(ort: OrtModule, values: OrtValue['values'], shape: readonly number[]): OrtTensor {
  return values instanceof Float32Array
    ? new ort.Tensor('float32', values, shape)
    : new ort.Tensor('int64', values, shape);
}

function runtime(kind: OrtBackend['kind']): Promise<OrtModule> {
  let module = loaded.get(kind);
  if (!module) {
    module = kind === 'wasm' ? loadWasm() : loadWebGpu();
    loaded.set(kind, module);
    // A failed download may be tried again.
    module.catch(() => loaded.delete(kind));
  }
  return module;
}

async function loadWasm(): Promise<OrtModule> {
  const [ort, { default: wasm }] = await Promise.all([
    import('onnxruntime-web/wasm'),
    import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
  ]);
  return configured(ort as unknown as OrtModule, wasm);
}

async function loadWebGpu(): Promise<OrtModule> {
  const [ort, { default: wasm }] = await Promise.all([
    import('onnxruntime-web/webgpu'),
    import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
  ]);
  return configured(ort as unknown as OrtModule, wasm);
}

/** Its own worker threads would need scripts from other addresses than ours; the work left to it is small. */
function configured(ort: OrtModule, wasm: string): OrtModule {
  ort.env.wasm.wasmPaths = { wasm };
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.proxy = false;
  return ort;
}
