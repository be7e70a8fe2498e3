import { parseSafetensors } from '../../models/weights/safetensors/parse.ts';
import type { GoldenFolder } from './check.ts';

/**
 * A golden folder served under a URL.
 * @param baseUrl ends with a slash
 */
export function fetchFolder(baseUrl: string): GoldenFolder {
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(baseUrl + path);
    if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
    return response;
  };
  const bytes = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());
  return {
    bytes,
    json: async (path) => (await get(path)).json(),
    tensors: async (path) => parseSafetensors(await bytes(path), path),
    has: async (path) => (await fetch(baseUrl + path, { method: 'HEAD' })).ok,
  };
}
