import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { applySettings, loadSample, openApp, recordRequests, TINY } from './helpers.ts';

test('sample, teach, reload, resume, compare, export and import', async ({ page, baseURL }) => {
  test.setTimeout(420_000);
  const requests = recordRequests(page);
  await openApp(page);
  await loadSample(page, 'Biscuit');
  await expect(page.getByRole('img', { name: /^Pretrained map/ })).toBeVisible();
  await expect(page.getByText('Not taught yet')).toBeVisible({ timeout: 120_000 });

  // Steps enough that the run is not over before the page is reloaded.
  await applySettings(page, { ...TINY, steps: 40 });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step ([2-9]|1\d) of 40/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('img', { name: /Cut\/Paste|photo \d on/ }).first()).toBeVisible();

  // A reload in the middle: the run is offered again, and goes on where it was.
  await page.reload();
  await expect(page.getByText('A run did not finish')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/saved at step [1-3]?\d of 40/)).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 180_000 });
  await expect(page.getByRole('img', { name: /^Loss over 40 steps/ })).toBeVisible();
  await expect(page.getByTestId('adapter')).toHaveCount(1);
  await expect(page.getByText('in use', { exact: true })).toBeVisible();

  // The personalized map is there and the number that changed is not zero.
  const change = page.getByTestId('change-Similarity to your photos');
  await expect(change).toBeVisible({ timeout: 120_000 });
  await expect(change).not.toHaveText(/^[+−]0\.000$/);
  const trained = await page.getByTestId('change-Patch AP').textContent();

  // Export, delete, import: the same adapter gives the same maps.
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download Custom/ }).click();
  const zip = await (await downloading).path();
  const files = unzip(zip);
  expect(Object.keys(files).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  await page.getByRole('button', { name: /^Delete Custom/ }).click();
  await expect(page.getByTestId('adapter')).toHaveCount(0);
  await expect(page.getByText('Not taught yet')).toBeVisible({ timeout: 120_000 });
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import adapter' }).click();
  await (await choosing).setFiles(
    Object.entries(files).map(([name, bytes]) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    })),
  );
  await expect(page.getByText('The adapter is imported and in use.')).toBeVisible();
  await expect(page.getByTestId('change-Patch AP')).toHaveText(trained!, { timeout: 120_000 });

  // Nothing but this page's own files was asked for.
  const foreign = requests.filter((url) => !url.startsWith(baseURL!) && !/^(blob|data):/.test(url));
  expect(foreign).toEqual([]);
  expect(requests.length).toBeGreaterThan(10);
});

test('a lost device: training goes on from the last checkpoint', async ({ page }) => {
  test.setTimeout(300_000);
  await openApp(page);
  await loadSample(page, 'Alpine mug');
  await applySettings(page, { ...TINY, steps: 40 });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step ([2-9]|1\d) of 40/)).toBeVisible({ timeout: 180_000 });
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByRole('button', { name: 'Lose the device' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText(/training continues from the last checkpoint/)).toBeVisible({
    timeout: 120_000,
  });
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 180_000 });
});

/** Files of a zip, read by fflate. */
function unzip(path: string): Record<string, Uint8Array> {
  return unzipSync(new Uint8Array(readFileSync(path)));
}
