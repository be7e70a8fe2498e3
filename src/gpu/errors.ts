/** The browser has no WebGPU, or no adapter could be had. */
export class NoWebGpuError extends Error {
  override name = 'NoWebGpuError';
}

/** A tensor or a dispatch is larger than the adapter allows; the message says by how much and what to do. */
export class GpuLimitError extends Error {
  override name = 'GpuLimitError';
}

/** The device was lost (driver reset, sleep, watchdog). Everything on it is gone; a new device must be requested. */
export class DeviceLostError extends Error {
  override name = 'DeviceLostError';
}

/** The adapter ran out of memory while a buffer was being made. */
export class GpuOutOfMemoryError extends Error {
  override name = 'GpuOutOfMemoryError';
}

/** A shader did not compile, or its bindings do not fit what it was given. */
export class KernelError extends Error {
  override name = 'KernelError';
}
