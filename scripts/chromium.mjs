/**
 * Where Chromium is and how to start it with WebGPU. Every script and test that drives a browser uses this.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';

const SYSTEM_PATHS = [
  process.env.FAMILIAR_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium to drive: FAMILIAR_CHROMIUM, a system one, or Playwright's own; undefined when there is none. */
export function findChromium() {
  const system = SYSTEM_PATHS.find((path) => path && existsSync(path));
  if (system) return system;
  const bundled = chromium.executablePath();
  return existsSync(bundled) ? bundled : undefined;
}

/** Whether FAMILIAR_ADAPTER=gpu asks for the machine's real adapter. */
function wantsGpu() {
  return process.env.FAMILIAR_ADAPTER === 'gpu';
}

/** What gives WebGPU on a real adapter without a display: seen with NVIDIA's driver on Linux. */
const GPU_ARGS = [
  '--use-angle=vulkan',
  '--enable-features=Vulkan',
  '--disable-vulkan-surface',
  '--ignore-gpu-blocklist',
  '--disable-gpu-sandbox',
  '--disable-dev-shm-usage',
];

/**
 * Command-line switches. FAMILIAR_ADAPTER=gpu asks for the machine's real adapter;
 * the default is SwiftShader, which gives the same numbers on every machine.
 */
export function chromiumArgs() {
  const args = [
    '--enable-unsafe-webgpu',
    '--disable-gpu-watchdog',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  if (wantsGpu()) args.push(...GPU_ARGS);
  else args.push('--use-webgpu-adapter=swiftshader');
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return args;
}

/** Playwright launch options shared by all. */
export function chromiumLaunchOptions() {
  return { executablePath: findChromium(), args: chromiumArgs() };
}

/**
 * Start Chromium; `close` ends it. With FAMILIAR_ADAPTER=gpu it is started by hand and reached over its debugging port,
 * because Playwright's own start adds switches under which the GPU process falls back to SwiftShader.
 * @returns {Promise<{browser: import('playwright').Browser, newPage: () => Promise<import('playwright').Page>, close: () => Promise<void>}>}
 */
export async function launchChromium() {
  if (!wantsGpu()) {
    const browser = await chromium.launch(chromiumLaunchOptions());
    return { browser, newPage: () => browser.newPage(), close: () => browser.close() };
  }
  const profile = mkdtempSync(join(tmpdir(), 'familiar-'));
  const child = spawn(
    findChromium(),
    [
      '--headless=new',
      ...chromiumArgs(),
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      'about:blank',
    ],
    { stdio: 'ignore' },
  );
  const end = () => {
    child.kill('SIGKILL');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${await debuggingPort(profile, child)}`);
    return {
      browser,
      newPage: () => browser.contexts()[0].newPage(),
      close: async () => {
        await browser.close();
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** The port that a Chromium has written into its profile. */
async function debuggingPort(profile, child) {
  const file = join(profile, 'DevToolsActivePort');
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    if (existsSync(file)) {
      const port = Number(readFileSync(file, 'utf8').split('\n')[0]);
      if (port) return port;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Chromium did not start. Set FAMILIAR_CHROMIUM to the path of one that does.');
}
