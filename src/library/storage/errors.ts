const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;

/** The library could not read or write. `remedy` says what the user can do; what was stored before is in place. */
export class StorageError extends Error {
  override readonly name: string = 'StorageError';
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** There is no room for a write. Nothing was written and nothing that was stored is lost. */
export class QuotaError extends StorageError {
  override readonly name = 'QuotaError';
  /** Bytes that the write needs; undefined where the browser refused without numbers. */
  readonly neededBytes: number | undefined;
  readonly availableBytes: number | undefined;

  constructor(neededBytes?: number, availableBytes?: number, options?: ErrorOptions) {
    const numbers =
      neededBytes !== undefined && availableBytes !== undefined
        ? `: ${megabytes(neededBytes)} are needed, ${megabytes(Math.max(0, availableBytes))} are free`
        : '';
    super(
      `The browser has no room left for this page${numbers}. Nothing was written.`,
      'Free disk space, or export subjects that you do not need now and delete them here, then try again.',
      options,
    );
    this.neededBytes = neededBytes;
    this.availableBytes = availableBytes;
  }
}

/** A write to something that is no longer there, such as a checkpoint of a subject that was deleted meanwhile. */
export class MissingRecordError extends StorageError {
  override readonly name = 'MissingRecordError';

  constructor(key: string) {
    super(
      `"${key}" is not in the library (any more). Nothing was written.`,
      'Reload the page to see what is stored.',
    );
  }
}

/** Give what IndexedDB throws its named form; `action` completes "The library could not …". */
export function toStorageError(cause: unknown, action: string): StorageError {
  if (cause instanceof StorageError) return cause;
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'QuotaExceededError') return new QuotaError(undefined, undefined, { cause });
  const detail = cause instanceof Error && cause.message ? ` (${cause.name}: ${cause.message})` : '';
  return new StorageError(
    `The library could not ${action}${detail}.`,
    'Reload the page. If it happens again, export your subjects and clear this site’s data in the browser settings.',
    { cause },
  );
}
