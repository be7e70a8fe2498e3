/**
 * Compiles `kernels/` to WebAssembly, and hands it to Vite as the modules `virtual:kernels/simd` and
 * `virtual:kernels/relaxed`, whose default export is the binary in base64: so it loads the same way in pages, workers and Node.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { ROOT } from './lib/install.mjs';

const FOLDER = join(ROOT, 'kernels');
const CACHE = join(ROOT, '.cache', 'kernels');
const PREFIX = 'virtual:kernels/';
const BUILDS = ['simd', 'relaxed'];

/** Most pages of 64 KiB that a WebAssembly memory with 32-bit addresses has. */
const MOST_PAGES = 65_536;

const FLAGS = [
  'index.ts',
  '-O3',
  '--converge',
  '--noAssert',
  '--runtime=stub',
  '--use=abort=',
  '--importMemory',
  '--sharedMemory',
  `--initialMemory=1`,
  `--maximumMemory=${MOST_PAGES}`,
  '--enable=simd,threads,bulk-memory',
  // Functions that take a v128 are not called from JavaScript.
  '--disableWarning=112',
];

/** Source files by name. */
function sources() {
  const names = readdirSync(FOLDER, { recursive: true }).map(String);
  const files = names.filter((name) => name.endsWith('.ts')).sort();
  return Object.fromEntries(
    files.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(FOLDER, name), 'utf8')]),
  );
}

/**
 * Compile one build, or take it from the cache.
 * @param {string} build `simd` or `relaxed`
 * @returns {Promise<Uint8Array>}
 * @throws Error with the compiler's messages
 */
export async function compileKernels(build) {
  const files = sources();
  const flags = build === 'relaxed' ? [...FLAGS, '--enable=relaxed-simd'] : FLAGS;
  const hash = createHash('sha256')
    .update(JSON.stringify([asc.version, flags, files]))
    .digest('hex')
    .slice(0, 16);
  const cached = join(CACHE, `${build}-${hash}.wasm`);
  if (existsSync(cached)) return readFileSync(cached);
  const { binary, messages } = await compile(files, flags);
  mkdirSync(CACHE, { recursive: true });
  const partial = `${cached}.${process.pid}`;
  writeFileSync(partial, binary);
  renameSync(partial, cached);
  if (messages) console.warn(messages);
  return binary;
}

async function compile(files, flags) {
  let binary;
  let messages = '';
  const { error } = await asc.main([...flags, '--outFile=out.wasm'], {
    readFile: (name) => files[name.replaceAll('\\', '/')] ?? null,
    writeFile: (_, contents) => {
      binary = contents;
    },
    listFiles: () => [],
    stdout: { write: () => {} },
    stderr: {
      write: (text) => {
        messages += text;
      },
    },
  });
  if (error || !binary) throw new Error(`The CPU kernels do not compile:\n${messages || error}`);
  return { binary, messages };
}

/** Vite plugin that offers both builds as modules. */
export function kernelsPlugin() {
  return {
    name: 'familiar-kernels',
    resolveId: (id) =>
      id.startsWith(PREFIX) && BUILDS.includes(id.slice(PREFIX.length)) ? `\0${id}` : undefined,
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      for (const name of Object.keys(sources())) this.addWatchFile(join(FOLDER, name));
      const binary = await compileKernels(id.slice(PREFIX.length + 1));
      return `export default '${Buffer.from(binary).toString('base64')}';`;
    },
  };
}
