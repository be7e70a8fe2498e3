/** The page that renders shots, in headless Chromium: shared by the samples and by Toybox. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { PNG } from 'pngjs';
import { createServer } from 'vite';
import { chromiumLaunchOptions } from '../chromium.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = resolve(HERE, '../..');

/** An 8-bit grey PNG from a text of '0' and '1'. */
export function maskPng(bits, width, height) {
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, bitDepth: 8 });
  png.data = Buffer.from(bits, 'latin1').map((c) => (c === 49 ? 255 : 0));
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, bitDepth: 8, deflateLevel: 9 });
}

/** Serve the renderer's modules; `load` imports one in Node, `open` starts the browser, `render` makes one picture. */
export async function openDarkroom() {
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
  let page;
  return {
    load: (path) => server.ssrLoadModule(path),
    open: async () => {
      const { executablePath, args } = chromiumLaunchOptions();
      browser = await chromium.launch({
        executablePath,
        args: [
          ...args,
          '--use-angle=swiftshader',
          '--enable-unsafe-swiftshader',
          '--force-color-profile=srgb',
        ],
      });
      page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error));
      page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
      const address = server.resolvedUrls?.local[0];
      if (!address) throw new Error('the page server has no address');
      await page.goto(`${address}page/index.html`);
      await ready(page);
      return browser.version();
    },
    render: (shot, quality) => renderWhole(page, shot, quality),
    close: async () => {
      await browser?.close();
      await server.close();
    },
  };
}

function ready(page) {
  return page.waitForFunction(() => Boolean(window.renderShot));
}

/**
 * Render a shot, again on a new page when the graphics context was lost or the subject is nowhere: on a real GPU the first
 * picture of a browser has come out empty.
 */
async function renderWhole(page, shot, quality) {
  for (let tries = 0; tries < 3; tries++) {
    const picture = await page.evaluate(([s, q]) => window.renderShot(s, q), [shot, quality]);
    if (!picture.lost && (picture.mask === null || picture.fraction > 0)) return picture;
    await page.reload();
    await ready(page);
  }
  throw new Error(`${shot.image} comes out empty. Start again; if it stays so, use another Chromium.`);
}
