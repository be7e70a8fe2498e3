import { KernelError } from '../errors.ts';
import { expandWgsl, selectPart, type WgslConstants } from './wgsl.ts';

/** One field of a kernel's uniform block. */
interface UniformField {
  name: string;
  type: 'u32' | 'i32' | 'f32';
}

/** A compute pipeline, compiled or being compiled, with what its own source says of its bindings. */
export interface Kernel {
  id: number;
  name: string;
  /** Missing while it compiles. */
  pipeline: GPUComputePipeline | undefined;
  /** Resolves when `pipeline` is there. Rejects with the compiler's message, or when the device is lost meanwhile. */
  compiled: Promise<void>;
  layout: GPUBindGroupLayout;
  /** Access of each storage binding (1, 2, …), read from the shader so that layout and source cannot disagree. */
  access: ('read' | 'read_write')[];
  uniforms: UniformField[];
}

/** Where a kernel comes from: a WGSL template and the constants to expand it with. */
export interface KernelSource {
  /** Unique with part and constants: kernels are cached by it. */
  name: string;
  wgsl: string;
  /** Which `#part` of the file; left out when it has none. */
  part?: string;
  constants?: WgslConstants;
}

/**
 * Kernels by expanded source. Conventions of our WGSL:
 * `@binding(0)` is `var<uniform> params: Params` (omitted when a kernel has none), storage bindings follow from 1;
 * `struct Params` holds only u32, i32 and f32; the entry point is `main`.
 */
export class KernelCache {
  readonly #device: GPUDevice;
  readonly #byKey = new Map<string, Kernel>();
  /** Kernels of source objects that are used again and again: no key has to be made. */
  readonly #bySource = new WeakMap<KernelSource, Kernel>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** A kernel: the one that was asked for before, or a new one that begins to compile. */
  get(source: KernelSource): Kernel {
    const same = this.#bySource.get(source);
    if (same) return same;
    const key = `${source.name}|${source.part ?? ''}|${JSON.stringify(source.constants ?? {})}`;
    const known = this.#byKey.get(key) ?? this.#compile(source);
    this.#byKey.set(key, known);
    this.#bySource.set(source, known);
    return known;
  }

  #compile({ name, wgsl, part, constants }: KernelSource): Kernel {
    const code = expandWgsl(selectPart(wgsl, part), constants);
    const access = parseStorageAccess(name, code);
    const uniforms = parseUniforms(code);
    const layout = this.#device.createBindGroupLayout({
      label: name,
      entries: [
        ...(uniforms.length
          ? [
              {
                binding: 0,
                visibility: GPUShaderStage.COMPUTE,
                buffer: { type: 'uniform' as const, hasDynamicOffset: true },
              },
            ]
          : []),
        ...access.map((mode, i) => ({
          binding: i + 1,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: mode === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
        })),
      ],
    });
    const kernel: Kernel = {
      ...{ id: this.#byKey.size, name, layout, access, uniforms, pipeline: undefined },
      compiled: Promise.resolve(),
    };
    const compiling = this.#device.createComputePipelineAsync({
      label: name,
      layout: this.#device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: this.#device.createShaderModule({ label: name, code }), entryPoint: 'main' },
    });
    const lost = this.#device.lost.then(({ message }) => {
      throw new KernelError(`${name}: the device was lost while it compiled: ${message}`);
    });
    kernel.compiled = Promise.race([compiling, lost]).then((pipeline) => {
      kernel.pipeline = pipeline;
    });
    // Whoever waits for the kernel hears of it.
    kernel.compiled.catch(() => {});
    return kernel;
  }
}

/** Access modes of the storage bindings in binding order. */
export function parseStorageAccess(name: string, code: string): ('read' | 'read_write')[] {
  const access: ('read' | 'read_write')[] = [];
  const pattern = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage(?:,\s*(read_write|read))?>/g;
  for (const [, binding, mode] of code.matchAll(pattern)) {
    access[Number(binding) - 1] = (mode ?? 'read') as 'read' | 'read_write';
  }
  for (let i = 0; i < access.length; i++) {
    if (!access[i]) throw new KernelError(`${name}: storage binding ${i + 1} is missing`);
  }
  return access;
}

/** Fields of `struct Params` in order. */
export function parseUniforms(code: string): UniformField[] {
  const body = /struct Params \{([^}]*)\}/.exec(code)?.[1];
  if (body === undefined) return [];
  return [...body.matchAll(/(\w+)\s*:\s*(u32|i32|f32)\s*,?/g)].map(([, name, type]) => ({
    name: name!,
    type: type as UniformField['type'],
  }));
}
