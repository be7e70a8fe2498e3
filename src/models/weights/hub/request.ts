import { HubError, statusError } from './errors.ts';

/** How to reach the hub. */
export interface Connection {
  fetch: typeof fetch;
  signal: AbortSignal | undefined;
  /** Pauses before the repetitions of a request that failed, in milliseconds; as many repetitions as there are. */
  retryDelays: readonly number[];
}

/** Pauses before repetitions: together ten seconds, after which a person wants to know. */
export const RETRY_DELAYS: readonly number[] = [500, 2_000, 8_000];

/**
 * Request a file once.
 * @param from offset of the first byte that is wanted
 * @throws HubError for no answer and for one that is not 2xx; the signal's reason when aborted
 */
export async function request(
  { fetch: fetchFile, signal }: Connection,
  url: string,
  what: string,
  from = 0,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetchFile(url, {
      ...(signal ? { signal } : {}),
      // A range of this form is safelisted (Fetch standard, "simple range header value"): no preflight, which the hosts that
      // the hub redirects to would refuse. If-Range is not, so versions are compared here instead.
      ...(from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}),
      // The model cache keeps the file: the browser's own would keep it twice. And the hub need not know more than it must.
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new HubError('network', `${what}: the hub cannot be reached`, undefined, { cause: error });
  }
  if (response.ok) return response;
  await discard(response);
  throw statusError(what, response.status);
}

/** Run again after a pause while it fails in a way that may pass. */
export async function withRetries<T>(connection: Connection, run: () => Promise<T>): Promise<T> {
  const { signal, retryDelays } = connection;
  for (let failures = 0; ; failures++) {
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      const delay = retryDelays[failures];
      if (!(error instanceof HubError && error.passing) || delay === undefined) throw error;
      await pause(delay, signal);
    }
  }
}

/** What names the content of a file: its ETag without the mark of weakness, else its date. */
export function versionOf({ headers }: Response): string | null {
  return headers.get('ETag')?.replace(/^W\//, '') ?? headers.get('Last-Modified');
}

/** Let go of an answer whose body is not wanted. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {
    // The connection has broken off already.
  });
}

/** Wait, or throw the signal's reason as soon as it is aborted. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
