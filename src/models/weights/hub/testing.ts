import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A file on the test's hub. */
export interface HubFile {
  bytes: Uint8Array;
  etag?: string;
}

/** A hub on this machine, with the hub's paths, ranges and ETags, whose misbehaviour a test can choose. */
export interface TestHub {
  endpoint: string;
  /** By `owner/name/resolve/revision/file`. */
  files: Map<string, HubFile>;
  /** Requests so far: path, and the Range header where there was one. */
  requests: { path: string; range: string | undefined }[];
  /** Answer a request in another way; false for the usual one. */
  misbehave: (path: string, request: IncomingMessage, response: ServerResponse) => boolean;
  /** Forget ranges: send whole files. */
  withoutRanges: boolean;
}

/** Start a hub, which ends with the test. */
export async function startHub(files: Record<string, HubFile>): Promise<TestHub> {
  const hub: TestHub = {
    endpoint: '',
    files: new Map(Object.entries(files)),
    requests: [],
    misbehave: () => false,
    withoutRanges: false,
  };
  const server = createServer((request, response) => answer(hub, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return hub;
}

function answer(hub: TestHub, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url!.slice(1));
  const range = request.headers.range;
  hub.requests.push({ path, range });
  if (hub.misbehave(path, request, response)) return;
  const file = hub.files.get(path);
  if (!file) {
    response.writeHead(404).end('Entry not found');
    return;
  }
  const { bytes, etag } = file;
  const from = hub.withoutRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from >= bytes.length && from > 0) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    return;
  }
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': bytes.length - from,
    ...(from > 0 ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    ...(etag ? { ETag: etag } : {}),
  });
  response.end(bytes.subarray(from));
}

/** Send the beginning of a file as if all of it were to come, then cut the connection. */
export function cutAfter(
  response: ServerResponse,
  { bytes, etag }: HubFile,
  from: number,
  count: number,
): void {
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': bytes.length - from,
    ...(etag ? { ETag: etag } : {}),
  });
  response.write(bytes.subarray(from, from + count), () => {
    // A moment for the bytes to leave before the connection goes.
    setTimeout(() => response.destroy(), 20);
  });
}
