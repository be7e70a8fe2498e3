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
      await page.waitForFunction(() => Boolean(window.renderShot));
      return browser.version();
    },
    render: (shot, quality) => page.evaluate(([s, q]) => window.renderShot(s, q), [shot, quality]),
    close: async () => {
      await browser?.close();
      await server.close();
    },
  };
}
