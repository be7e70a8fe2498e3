import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { applySettings, copySamples, loadSample, openApp, TINY } from './helpers.ts';

/**
 * The paths that the other tests take on the processor, once each on WebGPU, in software here. They are as short as they can be:
 * what they compute is checked by the kernels' own tests.
 */
async function openOnGpu(page: Page): Promise<void> {
  await openApp(page);
  await page.getByRole('button', { name: /^Computing on: CPU/ }).click();
  await page.getByRole('menuitemradio', { name: /^GPU/ }).click();
  await expect(page.getByRole('button', { name: /^Computing on: google swiftshader/i })).toBeVisible({
    timeout: 120_000,
  });
}

const SLOW = { timeout: 240_000 };

test('WebGPU: teach, lose the device, resume', async ({ page }) => {
  test.setTimeout(600_000);
  await openOnGpu(page);
  await loadSample(page, 'Alpine mug');
  await applySettings(page, { ...TINY, steps: 4 });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step [12] of 4/)).toBeVisible(SLOW);
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByRole('button', { name: 'Lose the device' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/training continues from the last checkpoint/)).toBeVisible(SLOW);
  await expect(page.getByText(/Taught in/)).toBeVisible(SLOW);
  await expect(page.getByTestId('change-Similarity to your photos')).toBeVisible(SLOW);
});

test('WebGPU: a generator draws a picture', async ({ page }) => {
  test.setTimeout(600_000);
  await openOnGpu(page);
  await loadSample(page, 'Biscuit');
  const panel = page.getByRole('region', { name: 'Generate' });
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  await panel.getByRole('button', { name: /Load the built-in generator/ }).click();
  await expect(panel.getByText(/24\.3 million parameters/)).toBeVisible(SLOW);
  await panel.getByRole('button', { name: 'Learning settings' }).click();
  await page
    .getByLabel('Learning settings as JSON')
    .fill(JSON.stringify({ steps: 1, views: 1, checkpointEvery: 1, validateEvery: 0 }));
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.keyboard.press('Escape');
  await panel.getByRole('button', { name: 'Learn Biscuit' }).click();
  await expect(panel.getByText(/Learned in/)).toBeVisible(SLOW);
  await panel.getByRole('combobox', { name: 'Pictures of' }).click();
  await page.getByRole('option', { name: 'others of its kind' }).click();
  await panel.getByLabel('Pictures', { exact: true }).fill('1');
  const draw = panel.getByRole('group', { name: 'Draw' });
  await draw.getByLabel('Guidance').fill('1');
  await draw.getByLabel('Steps', { exact: true }).fill('2');
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByTestId('class-image')).toHaveCount(1, SLOW);
});

test('WebGPU: evaluate a picture', async ({ page }) => {
  test.setTimeout(600_000);
  await openOnGpu(page);
  const root = mkdtempSync(join(tmpdir(), 'familiar-'));
  copySamples(join(root, 'toys'), [
    ['test', '00.jpg'],
    ['test_masks', '00.png'],
  ]);
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add a data set' }).click();
  await (await choosing).setFiles(join(root, 'toys'));
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText('2 subjects are added.')).toBeVisible({ timeout: 60_000 });
  rmSync(root, { recursive: true, force: true });
  const panel = page.getByRole('region', { name: 'Evaluate' });
  await panel.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect(panel.getByRole('row')).toHaveCount(2, SLOW);
  await expect(panel.getByRole('button', { name: 'Evaluate again' })).toBeVisible();
});
