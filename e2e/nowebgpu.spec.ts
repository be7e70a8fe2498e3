import { expect, type Page, test } from '@playwright/test';
import { serve } from '../scripts/lib/serve.mjs';
import { applySettings, loadSample, openApp, TINY } from './helpers.ts';

/** Run a line in the engine's worker before anything else; workers are not reached by a page's init scripts. */
async function inWorker(page: Page, line: string): Promise<void> {
  await page.route(/engine\.worker-.*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${line}\n${await response.text()}` });
  });
}

const WITHOUT_WEBGPU = "Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => undefined });";

/** Teach a sample to the end, and see its map by the new weights. */
async function teach(page: Page, name: string): Promise<void> {
  await loadSample(page, name);
  await applySettings(page, TINY);
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByTestId('change-Similarity to your photos')).toBeVisible({ timeout: 120_000 });
}

const chip = (page: Page, label: RegExp) =>
  page.getByRole('button', { name: new RegExp(`^Computing on: ${label.source}`) });

test('without WebGPU the page works on the processor, and says why not on a graphics card', async ({
  page,
}) => {
  await inWorker(page, WITHOUT_WEBGPU);
  await openApp(page);
  await expect(page.getByTestId('engine-problem')).toBeHidden();
  await chip(page, /CPU, \d+ threads?/).click();
  const gpu = page.getByRole('menuitemradio', { name: /^GPU/ });
  await expect(gpu).toContainText('This browser does not offer WebGPU');
  await expect(page.getByRole('menuitemradio', { name: /^CPU/ })).toContainText(/\d GFLOP\/s/);

  // Asked for all the same: what is taken instead is said.
  await gpu.click();
  await expect(page.getByTestId('compute-notes')).toContainText(
    /graphics card is not used.*The processor computes instead/,
  );
  await page.keyboard.press('Escape');
  await teach(page, 'Marmalade');
});

test('without cross-origin isolation there is one thread, and everything works', async ({ page }) => {
  const server = await serve({ isolated: false });
  try {
    await page.goto(server.url);
    await expect(chip(page, /CPU, 1 thread\b/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: /Encoder: Built-in encoder/ })).toBeVisible();
    await chip(page, /CPU/).click();
    await expect(page.getByTestId('compute-notes')).toContainText('not cross-origin isolated');
    await page.keyboard.press('Escape');
    await teach(page, 'Alpine mug');
  } finally {
    await server.close();
  }
});

test('without WebGPU and without SIMD the page says what to do, and the library works', async ({ page }) => {
  await inWorker(page, `${WITHOUT_WEBGPU} WebAssembly.validate = () => false;`);
  await page.goto('/');
  const problem = page.getByTestId('engine-problem');
  await expect(problem).toBeVisible({ timeout: 60_000 });
  await expect(problem).toContainText('This browser cannot compute');
  await expect(problem).toContainText('WebAssembly SIMD');
  await page.getByRole('button', { name: /Try with Marmalade/ }).click();
  await expect(page.getByText('Training 3')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Teach', exact: true })).toBeDisabled();
});
