import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sirv from 'sirv';
import type { TestProject } from 'vitest/node';

const ROOT = join(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the repository's files; empty where tests run in a page, which has one of its own. */
    served: string;
  }
}

/**
 * Serve the repository and `public/` to tests in Node, as Vite serves them to tests in the browser: what is tested reads its files by
 * `fetch` in both.
 * @returns a function that ends the server
 */
export default async function serve(project: TestProject): Promise<() => void> {
  const publicFiles = sirv(join(ROOT, 'public'), { dev: true });
  const sources = sirv(ROOT, { dev: true });
  const server = createServer((request, response) =>
    publicFiles(request, response, () =>
      sources(request, response, () => void response.writeHead(404).end()),
    ),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('served', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return () => void server.close();
}
