/**
 * The built app without its page in Chromium: serves dist/ and the given folders, opens headless.html, and hands out the
 * page, on which `familiar.*` functions can be called.
 */
import { launchChromium } from '../chromium.mjs';
import { serve } from './serve.mjs';

/**
 * @param {Record<string, string>} extra folders to serve by prefix, such as {'/data/': path}
 * @param {Record<string, (...args: any[]) => unknown>} bindings functions the page may call, by name
 */
export async function openHeadless(extra = {}, bindings = {}) {
  const server = await serve({ extra });
  const { newPage, close } = await launchChromium();
  const page = await newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404'))
      console.error(`page: ${message.text()}`);
  });
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`));
  page.setDefaultTimeout(0);
  for (const [name, binding] of Object.entries(bindings)) await page.exposeFunction(name, binding);
  await page.goto(`${server.url}headless.html`);
  await page.waitForFunction(() => globalThis.familiar !== undefined, undefined, { timeout: 30_000 });
  return {
    page,
    url: server.url,
    close: async () => {
      await close();
      await server.close();
    },
  };
}
