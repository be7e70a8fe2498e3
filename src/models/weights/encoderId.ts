/** Id of the encoder that is shipped with the page. */
export const EMBEDDED_ID = 'embedded';

const LOCAL = 'local:';

/** `@` and the digest of an encoder's files at the end of its id. */
const DIGEST = /@([0-9a-f]{12})$/;

/**
 * Id of an encoder from files. The name is for people; the digest alone says which encoder it is, so that a renamed
 * folder is still the same.
 * @param digest see `contentDigest`
 */
export function localEncoderId(name: string, digest: string): string {
  return `${LOCAL}${name}@${digest}`;
}

/** Whether an id is of an encoder from files, with a digest or, from earlier versions, without. */
export function isLocalEncoderId(id: string): boolean {
  return id.startsWith(LOCAL);
}

/** The digest of an encoder from files; undefined for other encoders and for ids without one. */
export function encoderDigestOf(id: string): string | undefined {
  return isLocalEncoderId(id) ? DIGEST.exec(id)?.[1] : undefined;
}

/** What to call an encoder in the middle of a sentence. */
export function encoderLabel(id: string): string {
  if (id === EMBEDDED_ID) return 'the built-in encoder';
  if (!isLocalEncoderId(id)) return id;
  const name = id.slice(LOCAL.length).replace(DIGEST, '') || 'files';
  const digest = encoderDigestOf(id);
  return digest ? `${name} (files ${digest.slice(0, 4)}…)` : name;
}
