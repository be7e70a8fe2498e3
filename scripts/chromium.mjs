/**
 * Where Chromium is and how to start it with WebGPU. Every script and test that drives a browser uses this.
 */
import { existsSync } from 'node:fs';
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
  if (process.env.FAMILIAR_ADAPTER === 'gpu') args.push('--enable-features=Vulkan', '--ignore-gpu-blocklist');
  else args.push('--use-webgpu-adapter=swiftshader');
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return args;
}

/** Playwright launch options shared by all. */
export function chromiumLaunchOptions() {
  return { executablePath: findChromium(), args: chromiumArgs() };
}
