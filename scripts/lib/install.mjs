/**
 * Install what is missing: npm packages, and for tests and headless commands a Chromium. Only Node's own modules are
 * imported here, because this runs before there is anything else.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const MINIMUM_NODE = [20, 19];

/** Run a command with its output shown; stop this process when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** `npm ci` when node_modules is absent or older than the lockfile it was made from. */
export function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    console.error(
      `Familiar needs Node ${MINIMUM_NODE.join('.')} or newer; this is ${process.versions.node}.`,
    );
    process.exit(1);
  }
  const stamp = join(ROOT, 'node_modules', '.familiar-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing packages (once) …');
  const status = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) {
    console.error(
      'npm ci failed. Is the npm registry reachable? Run it by hand to see more: npm ci --ignore-scripts',
    );
    process.exit(status);
  }
  writeFileSync(stamp, lock);
}

/** A Chromium for tests and headless commands: the system's, else Playwright's, else Debian's package. */
export async function ensureChromium() {
  const { findChromium } = await import('../chromium.mjs');
  if (findChromium()) return;
  console.log('No Chromium found; installing one …');
  run('npx', ['playwright', 'install', 'chromium']);
  if (findChromium()) return;
  if (existsSync('/usr/bin/apt-get')) {
    const prefix = process.getuid?.() === 0 ? [] : ['sudo'];
    const apt = (...args) => run([...prefix, 'apt-get'][0], [...prefix, 'apt-get', ...args].slice(1));
    apt('update', '-qq');
    apt('install', '-y', '-qq', 'chromium');
  }
  if (!findChromium()) {
    console.error(
      'No Chromium could be installed. Install Chrome or Chromium and set FAMILIAR_CHROMIUM to its path.',
    );
    process.exit(1);
  }
}

/** Build the app into dist/ unless it is newer than every source. */
export function ensureBuild() {
  const output = join(ROOT, 'dist', 'index.html');
  const built = existsSync(output) ? statSync(output).mtimeMs : 0;
  const sources = [
    'src',
    'shaders',
    'public',
    'index.html',
    'headless.html',
    'vite.config.ts',
    'package-lock.json',
  ];
  if (sources.some((path) => newestChange(join(ROOT, path)) > built)) {
    const status = run('npx', ['vite', 'build', '--logLevel', 'warn']);
    if (status !== 0) process.exit(status);
  }
}

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestChange(join(path, name))),
    mtimeMs,
  );
}
