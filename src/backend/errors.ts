/** No backend can run here; the message says why and what to do. */
export class NoBackendError extends Error {
  override name = 'NoBackendError';
}

/** A tensor, or a dispatch, is larger than the device allows; the message has the numbers and what to make smaller. */
export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

/** The device was lost (driver reset, sleep, watchdog, a crashed worker). Everything on it is gone. */
export class DeviceLostError extends Error {
  override name = 'DeviceLostError';
}

/** A kernel did not compile, does not fit what it was given, or computes wrong numbers. */
export class KernelError extends Error {
  override name = 'KernelError';
}
