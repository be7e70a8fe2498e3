import { NoWebGpuError } from './errors.ts';

/** Optional features the engine makes use of when the adapter has them. */
const WANTED_FEATURES: GPUFeatureName[] = ['shader-f16', 'subgroups', 'timestamp-query'];

/** Limits asked for at the adapter's maximum; WebGPU grants only small defaults otherwise. */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies (keyof GPUSupportedLimits)[];

/** What the page shows about the adapter, and what kernels choose their shapes by. */
export interface AdapterDescription {
  vendor: string;
  architecture: string;
  description: string;
  /** True for SwiftShader, lavapipe, WARP and the like: kernels without workgroup memory are faster there. */
  software: boolean;
  features: string[];
  maxBufferSize: number;
  maxStorageBufferBindingSize: number;
}

/** A device with the adapter it came from. */
export interface GpuDevice {
  device: GPUDevice;
  adapter: AdapterDescription;
}

/**
 * Ask for a device with the adapter's maximum limits and the optional features we use.
 * @param gpu `navigator.gpu`, or Dawn's for Node in scripts.
 * @throws NoWebGpuError with a remedy the page can show.
 */
export async function requestGpuDevice(gpu: GPU | undefined = globalThis.navigator?.gpu): Promise<GpuDevice> {
  if (!gpu) {
    throw new NoWebGpuError(
      'This browser does not offer WebGPU. Use a recent Chrome, Edge, Firefox or Safari, over https or on localhost.',
    );
  }
  const adapter = await findAdapter(gpu);
  if (!adapter) {
    throw new NoWebGpuError(
      'WebGPU is there, but no graphics adapter answered. Turn on hardware acceleration in the browser settings, or update the graphics driver.',
    );
  }
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits,
  });
  return { device, adapter: describeAdapter(adapter, device) };
}

/** Milliseconds to wait before asking for an adapter, again and again. */
const TRIES = [0, 300, 1000];

/**
 * The adapter, asked for more than once: while Chromium's GPU process starts, the first answer can be none although the second
 * is a GPU (seen on an H100 without a display).
 */
async function findAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  for (const wait of TRIES) {
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter) return adapter;
  }
  return null;
}

function describeAdapter(adapter: GPUAdapter, device: GPUDevice): AdapterDescription {
  const { vendor, architecture, description } = adapter.info;
  const name = `${vendor} ${architecture} ${description}`.toLowerCase();
  return {
    vendor,
    architecture,
    description,
    software: adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render|warp/.test(name),
    features: [...device.features].sort(),
    maxBufferSize: device.limits.maxBufferSize,
    maxStorageBufferBindingSize: device.limits.maxStorageBufferBindingSize,
  };
}
