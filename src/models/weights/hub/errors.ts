/** Why a model could not be had from the hub or its cache. */
export type HubProblem =
  | 'invalid-id'
  | 'not-found'
  | 'denied'
  | 'refused'
  /** No answer, or one that broke off. */
  | 'network'
  /** The hub is overloaded or out of order. */
  | 'server'
  /** The file is no longer the one whose beginning is in the cache. */
  | 'changed'
  | 'quota'
  | 'not-cached'
  | 'damaged-cache';

const REMEDIES: Record<HubProblem, string> = {
  'invalid-id': 'Write it as owner/name, such as facebook/dinov2-small; @revision may follow.',
  'not-found':
    'Check the spelling on the hub, or choose a DINOv2 checkpoint with weights in safetensors format.',
  denied:
    'The model does not exist, or is private or gated: check the spelling; what your account may download can be dropped here as local files.',
  refused: 'Try again later, or drop the files here as local files.',
  network: 'Check the connection and start again: what has arrived is kept.',
  server: 'Try again in a while: what has arrived is kept.',
  changed: 'Start the download again.',
  quota:
    'Delete a downloaded model or other data of this page, or free space on this device; what has arrived is kept.',
  'not-cached': 'Download it while connected.',
  'damaged-cache': 'Delete the model and download it again.',
};

/** A model that cannot be had from the hub or its cache; the message says what to do. */
export class HubError extends Error {
  override readonly name = 'HubError';
  constructor(
    readonly problem: HubProblem,
    what: string,
    /** HTTP status, when the hub answered. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(`${what}. ${REMEDIES[problem]}`, options);
  }

  /** Whether the same request may succeed in a moment. */
  get passing(): boolean {
    return this.problem === 'network' || this.problem === 'server';
  }
}

/** The error for an answer that is not the file. */
export function statusError(what: string, status: number): HubError {
  const said = `${what}: the hub answered with HTTP ${status}`;
  if (status === 404) return new HubError('not-found', said, status);
  if (status === 401 || status === 403) return new HubError('denied', said, status);
  if (status === 416) return new HubError('changed', `${what} has become shorter on the hub`, status);
  if (status === 408 || status === 429 || status >= 500) return new HubError('server', said, status);
  return new HubError('refused', said, status);
}
