/** `npm start`: install what is missing, build, serve, print the address. `--port N` picks the port (4173). */
import { ensureBuild, ensurePackages } from './lib/install.mjs';

ensurePackages();
ensureBuild();
const { serve } = await import('./lib/serve.mjs');
const flag = process.argv.indexOf('--port');
const wanted = Number(flag >= 0 ? process.argv[flag + 1] : (process.env.PORT ?? 4173));
let server;
try {
  server = await serve({ port: wanted });
} catch (error) {
  if (error.code !== 'EADDRINUSE') throw error;
  console.log(`Port ${wanted} is taken; using a free one.`);
  server = await serve({ port: 0 });
}
console.log(`\n  Familiar is at ${server.url.replace('127.0.0.1', 'localhost')}\n  Ctrl+C stops it.\n`);
