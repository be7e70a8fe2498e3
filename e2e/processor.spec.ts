import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import sirv from 'sirv';
import { plainChromiumOptions } from '../scripts/chromium.mjs';
import { applySettings, loadSample, openApp, TINY } from './helpers.ts';

/** A Chromium as users start it, without any switch for WebGPU: on a machine without a graphics card it has no adapter. */
test.use({ launchOptions: plainChromiumOptions() });

test('a plain Chromium without a graphics card teaches a sample to the end', async ({ page }) => {
  await openApp(page);
  await expect(page.getByRole('button', { name: /Computing on: CPU, \d+ threads/ })).toBeVisible();
  await expect(page.getByTestId('engine-problem')).toHaveCount(0);
  await loadSample(page, 'Biscuit');
  await expect(page.getByRole('img', { name: /^Pretrained map/ })).toBeVisible();
  const started = Date.now();
  await page.getByText('Quick', { exact: true }).click();
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByTestId('change-Patch AP')).toHaveText(/^\+0\.[1-9]/, { timeout: 60_000 });
  await expect(page.getByRole('img', { name: /^Personalized map/ })).toBeVisible();
  console.log(`Quick on a sample took ${((Date.now() - started) / 1000).toFixed(1)} s`);
});

test('hover, pause and stop answer while it teaches', async ({ page }) => {
  await openApp(page);
  await loadSample(page, 'Biscuit');
  await expect(page.getByText('Not taught yet')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step [1-9]/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toBeVisible({ timeout: 10_000 });
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Teach', exact: true })).toBeVisible({ timeout: 30_000 });
});

test('without cross-origin isolation one thread teaches, and the page says so', async ({ page }) => {
  const files = sirv(join(import.meta.dirname, '../dist'));
  const server = createServer((request, response) => files(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as { port: number };
    await page.goto(`http://127.0.0.1:${port}/`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    const compute = page.getByRole('button', { name: /Computing on: CPU, 1 thread\b/ });
    await expect(compute).toBeVisible({ timeout: 60_000 });
    await compute.click();
    await expect(page.getByTestId('compute-notes')).toContainText('not cross-origin isolated');
    await page.keyboard.press('Escape');
    await loadSample(page, 'Alpine mug');
    await applySettings(page, TINY);
    await page.getByRole('button', { name: 'Teach', exact: true }).click();
    await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 120_000 });
  } finally {
    server.close();
  }
});
