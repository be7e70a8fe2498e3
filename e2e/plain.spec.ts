import { expect, test } from '@playwright/test';
import { findChromium } from '../scripts/chromium.mjs';
import { loadSample, openApp } from './helpers.ts';

// Chromium as it is started by anyone: no switch for WebGPU.
test.use({
  launchOptions: {
    executablePath: findChromium()!,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  },
});

test('a plain Chromium without a graphics card goes from a sample to a personalized map', async ({
  page,
}) => {
  await openApp(page);
  await expect(page.getByRole('button', { name: /^Computing on: CPU, / })).toBeVisible();
  await loadSample(page, 'Biscuit');
  const teach = page.getByRole('region', { name: 'Teach' });
  await teach.getByRole('radio', { name: /^Quick/ }).click();
  await teach.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('img', { name: /^Personalized map/ })).toBeVisible();
});
