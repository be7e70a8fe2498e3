/**
 * Static server for the built app. It sends the content security policy as headers, because workers take theirs from
 * the response they were loaded with. `extra` serves more folders (data for headless commands) under a prefix.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { answerFile } from './folderFiles.mjs';
import { ROOT } from './install.mjs';
import { ISOLATION_HEADERS } from './isolation.mjs';

/** Hosts a model may be downloaded from; only the download worker may reach them. */
export const HUB_HOSTS = ['https://huggingface.co', 'https://*.huggingface.co', 'https://*.hf.co'];

/** Content security policy; `connect` lists what scripts may connect to beside this origin. */
export function contentSecurityPolicy(connect = []) {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self' data:",
    "manifest-src 'self'",
    `connect-src ${["'self'", 'blob:', ...connect].join(' ')}`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Start serving dist/. Without `isolated` it is as on a static host that sends no headers of its own: one thread.
 * @param {{port?: number, host?: string, extra?: Record<string, string>, hubHosts?: string[], isolated?: boolean}} options
 * @returns {Promise<{url: string, close: () => Promise<void>}>}
 */
export async function serve({
  port = 0,
  host = '127.0.0.1',
  extra = {},
  hubHosts = HUB_HOSTS,
  isolated = true,
} = {}) {
  // Also for the folders: their workers (onnxruntime-web's threads) are refused in an isolated page otherwise.
  const isolate = (response) => {
    for (const [name, value] of Object.entries(isolated ? ISOLATION_HEADERS : {}))
      response.setHeader(name, value);
  };
  const setHeaders = (response, pathname) => {
    isolate(response);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    const isDownloader = /\/assets\/downloader\.worker-[\w-]+\.js$/.test(pathname);
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(isDownloader ? hubHosts : []));
  };
  const app = sirv(join(ROOT, 'dist'), { etag: true, setHeaders });
  const folders = Object.entries(extra);
  const server = createServer((request, response) => {
    for (const [prefix, folder] of folders) {
      if (!request.url.startsWith(prefix)) continue;
      isolate(response);
      if (!answerFile(folder, request.url.slice(prefix.length), response)) response.writeHead(404).end();
      return;
    }
    app(request, response, () => response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found'));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    url: `http://${host === '0.0.0.0' ? 'localhost' : host}:${address.port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
