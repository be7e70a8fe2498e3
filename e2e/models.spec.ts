import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openApp } from './helpers.ts';

const CHECKPOINT = join(import.meta.dirname, '..', 'src', 'testing', 'golden', 'dinov2', 'model');
const read = (name: string) => readFileSync(join(CHECKPOINT, name));

test('an encoder from the hub, kept for offline use, and from files', async ({ page, baseURL }) => {
  // A hub on this page's own server: the same paths, a tiny checkpoint.
  await page.context().route('**/hub/**', async (route) => {
    const name = route.request().url().split('/').pop()!;
    if (!['config.json', 'model.safetensors'].includes(name)) return route.fulfill({ status: 404 });
    const body = read(name);
    const [, first] = /bytes=(\d+)-/.exec(route.request().headers().range ?? '') ?? [];
    const from = Number(first ?? 0);
    await route.fulfill({
      status: first ? 206 : 200,
      headers: {
        'Content-Type': 'application/octet-stream',
        ETag: '"one"',
        'Accept-Ranges': 'bytes',
        ...(first ? { 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
      },
      body: body.subarray(from),
    });
  });
  await openApp(page);
  await page.getByRole('button', { name: /Encoder: Built-in encoder/ }).click();
  await page.getByLabel('Hub address').fill(`${baseURL}hub`);
  await page.getByLabel('Model id').fill('someone/absent model');
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(page.getByText('That encoder cannot be used')).toBeVisible();
  await expect(page.getByText('The built-in encoder stays in use.')).toBeVisible();
  await page.getByLabel('Model id').fill('someone/tiny-dinov2');
  await page.getByRole('button', { name: 'Download and use' }).click();
  await expect(page.getByRole('heading', { name: 'someone/tiny-dinov2' })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/2 layers · width 64/)).toBeVisible();
  await page.getByRole('button', { name: 'Use the built-in encoder' }).click();
  await expect(page.getByRole('heading', { name: 'Built-in encoder' })).toBeVisible({ timeout: 60_000 });

  // Offline: the hub is gone, the cached model still loads.
  await page.context().unroute('**/hub/**');
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'someone/tiny-dinov2' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Delete someone/tiny-dinov2' }).click();
  await expect(page.getByText('Kept on this machine')).toBeHidden();

  // A truncated file names itself and leaves the encoder that is in use.
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose files' }).click();
  const weights = read('model.safetensors');
  await (await choosing).setFiles([
    { name: 'config.json', mimeType: 'application/json', buffer: read('config.json') },
    { name: 'model.safetensors', mimeType: 'application/octet-stream', buffer: weights.subarray(0, 300_000) },
  ]);
  await expect(page.getByText('That encoder cannot be used')).toBeVisible();
  await expect(page.getByText(/model\.safetensors/).first()).toBeVisible();
  await expect(page.getByText('someone/tiny-dinov2 stays in use.')).toBeVisible();
});
