import { HubError } from './errors.ts';

/** A model on the hub at a revision (branch, tag or commit). */
export interface ModelId {
  /** `owner/name` */
  repository: string;
  revision: string;
}

const DEFAULT_REVISION = 'main';

/**
 * Read `owner/name` or `owner/name@revision`.
 * @throws HubError
 */
export function parseModelId(text: string): ModelId {
  const [, repository, revision = DEFAULT_REVISION] =
    /^([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?$/.exec(text.trim()) ?? [];
  // Parts of dots alone would lead out of the repository's address.
  if (repository === undefined || `${repository}/${revision}`.split('/').some((part) => /^\.*$/.test(part))) {
    throw new HubError('invalid-id', `"${text}" is no model id`);
  }
  return { repository, revision };
}

/** The id as text; the default revision is left out. */
export function formatModelId({ repository, revision }: ModelId): string {
  return revision === DEFAULT_REVISION ? repository : `${repository}@${revision}`;
}

/** Address of a file of a model. */
export function fileUrl(endpoint: string, { repository, revision }: ModelId, fileName: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${repository}/resolve/${encodeURIComponent(revision)}/${fileName}`;
}
