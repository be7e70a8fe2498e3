import { inject } from 'vitest';

/**
 * URL of a file or folder of the repository, in the browser and in Node.
 * @param path absolute within the repository, as `/src/testing/golden/`, or within `public/`, as `/models/`
 */
export function served(path: string): string {
  return new URL(path, inject('served') || location.href).href;
}
