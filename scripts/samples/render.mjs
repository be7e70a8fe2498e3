/**
 * Renders public/samples from the committed seed: `npm run samples`.
 * Options: --out DIR (default public/samples), --only REGEXP (paths that match), --samples N (renderings per
 * picture, default 12), --check (render and compare with the files that are there, write nothing).
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { PNG } from 'pngjs';
import { createServer } from 'vite';
import { chromiumLaunchOptions } from '../chromium.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../..');

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'public/samples') },
    only: { type: 'string' },
    samples: { type: 'string', default: '12' },
    check: { type: 'boolean', default: false },
  },
});

/** An 8-bit grey PNG from a text of '0' and '1'. */
function maskPng(bits, width, height) {
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, bitDepth: 8 });
  png.data = Buffer.from(bits, 'latin1').map((c) => (c === 49 ? 255 : 0));
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, bitDepth: 8, deflateLevel: 9 });
}

/** Writes a file, or with --check reports whether the one on disk has the same bytes. */
async function deliver(path, bytes) {
  const file = join(options.out, path);
  if (options.check) {
    const same = existsSync(file) && Buffer.compare(await readFile(file), bytes) === 0;
    if (!same) console.error(`differs: ${path}`);
    return same;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return true;
}

async function openPage(server) {
  const { executablePath, args } = chromiumLaunchOptions();
  const browser = await chromium.launch({
    executablePath,
    args: [...args, '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--force-color-profile=srgb'],
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('the page server has no address');
  await page.goto(`${address}page/index.html`);
  await page.waitForFunction(() => Boolean(window.renderShot));
  return { browser, page };
}

async function main() {
  const server = await createServer({
    configFile: false,
    root: HERE,
    logLevel: 'error',
    cacheDir: join(ROOT, 'node_modules/.vite-samples'),
    optimizeDeps: { include: ['three', 'three/examples/jsm/geometries/RoundedBoxGeometry.js'] },
    server: { host: '127.0.0.1', fs: { allow: [ROOT] }, hmr: false, watch: null },
  });
  await server.listen();
  let browser;
  let different = 0;
  try {
    const { makePlan } = await server.ssrLoadModule('/plan/plan.ts');
    const { shots, manifest } = makePlan();
    const wanted = shots.filter(({ image }) => !options.only || new RegExp(options.only).test(image));
    if (!options.only && !options.check) await rm(options.out, { recursive: true, force: true });
    const opened = await openPage(server);
    browser = opened.browser;
    const quality = { samples: Number(options.samples), jpeg: 0.88 };
    const began = Date.now();
    for (const [i, shot] of wanted.entries()) {
      const { jpeg, mask, fraction, visible } = await opened.page.evaluate(
        ([s, q]) => window.renderShot(s, q),
        [shot, quality],
      );
      const bytes = Buffer.from(jpeg, 'base64');
      if (!(await deliver(shot.image, bytes))) different++;
      if (mask && !(await deliver(shot.mask, maskPng(mask, shot.width, shot.height)))) different++;
      const note = mask
        ? ` object ${(100 * fraction).toFixed(1)} %, visible ${(100 * visible).toFixed(0)} %`
        : '';
      const seconds = ((Date.now() - began) / 1000).toFixed(0);
      console.log(
        `${i + 1}/${wanted.length} ${seconds} s ${shot.image} ${(bytes.length / 1024).toFixed(0)} KB ${shot.set}/${shot.light}${note}`,
      );
    }
    const text = `${JSON.stringify(manifest, null, 1)}\n`;
    if (!(await deliver('index.json', Buffer.from(text)))) different++;
  } finally {
    await browser?.close();
    await server.close();
  }
  if (options.check) console.log(different ? `${different} files differ` : 'every file is identical');
  if (different) process.exitCode = 1;
}

await main();
