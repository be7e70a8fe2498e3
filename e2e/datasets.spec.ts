import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, type Locator, test } from '@playwright/test';
import { copySamples, openApp } from './helpers.ts';

/** Two samples in the reference layout, with one broken photo and shifts as PODS has them. */
function makeDataset(): string {
  const root = join(mkdtempSync(join(tmpdir(), 'familiar-')), 'toys');
  copySamples(root, [['test', '00.jpg']]);
  writeFileSync(join(root, 'test/mug1/broken.jpg'), 'no picture');
  const info = { class_to_sc: { dog1: 'dog', mug1: 'mug' } };
  writeFileSync(join(root, 'pods_info.json'), JSON.stringify(info));
  const annos = { 'test/dog1/00.jpg': { class: 'dog1', split: 'test', test_split: 'pose' } };
  writeFileSync(join(root, 'pods_image_annos.json'), JSON.stringify(annos));
  return root;
}

test('a data set comes in as a folder: subjects, masks, shifts; a broken file is named', async ({ page }) => {
  // Half a minute on a machine of its own; the limit tells a hang from a busy machine.
  test.setTimeout(600_000);
  const root = makeDataset();
  try {
    await openApp(page);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add a data set' }).click();
    await (await choosing).setFiles(root);
    await expect(page.getByText(/toys holds dog1, mug1: 9 photos in all/)).toBeVisible();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText('2 subjects are added.')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/mug1: .*broken\.jpg/)).toBeVisible();
    await expect(page.getByText('Training 3')).toBeVisible();
    await expect(page.getByRole('tab', { name: /dog1/ })).toBeVisible();
    await page.getByRole('tab', { name: /mug1/ }).click();
    await expect(page.getByText('Training 3')).toBeVisible();
    // With a second subject, retrieval has something to rank.
    const panel = page.getByRole('region', { name: 'Evaluate' });
    await expect(panel.getByText(/1 test photo of mug1 \(0 with a mask\)/)).toBeVisible();
    // The note about the broken file stays until it is closed, and lies over the button.
    const notice = page.getByRole('alert').filter({ hasText: '1 photo was not taken' });
    await notice.getByRole('button', { name: 'Close' }).click();
    await panel.getByRole('button', { name: 'Evaluate', exact: true }).click();
    await expect(panel.getByText('NDCG')).toBeVisible({ timeout: 300_000 });

    // On a phone the names of the rows stay in sight while the numbers scroll below them.
    await page.setViewportSize({ width: 390, height: 844 });
    const [name, number] = [panel.locator('tbody th').first(), panel.locator('tbody td').nth(1)];
    await name.scrollIntoViewIfNeeded();
    const left = async (cell: Locator) => Math.round((await cell.boundingBox())!.x);
    const [nameAt, numberAt] = [await left(name), await left(number)];
    await panel.locator('tbody tr').first().locator('td').last().scrollIntoViewIfNeeded();
    await expect.poll(() => left(number)).toBeLessThan(numberAt);
    expect(await left(name)).toBe(nameAt);
  } finally {
    rmSync(join(root, '..'), { recursive: true, force: true });
  }
});

test('a folder that is no data set is refused with what it must hold', async ({ page }) => {
  const root = mkdtempSync(join(tmpdir(), 'familiar-'));
  try {
    writeFileSync(join(root, 'notes.txt'), 'nothing here');
    await openApp(page);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add a data set' }).click();
    await (await choosing).setFiles(root);
    await expect(
      page.getByText(/has no photos to train on\. It must hold photos, or train\/\{subject\}\//),
    ).toBeVisible();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

test('a data set may be dropped on the first page', async ({ page }) => {
  const root = makeDataset();
  try {
    await openApp(page);
    const files = readdirSync(root, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`toys/${relative(root, path)}`, readFileSync(path).toString('base64')] as const);
    const transfer = await page.evaluateHandle((list) => {
      const data = new DataTransfer();
      for (const [path, base64] of list) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const type = path.endsWith('.json') ? 'application/json' : '';
        const file = new File([bytes], path.split('/').at(-1)!, { type });
        // What a browser gives for a file of a dropped folder.
        Object.defineProperty(file, 'webkitRelativePath', { value: path });
        data.items.add(file);
      }
      return data;
    }, files);
    await page
      .getByLabel('Drop the folder of a data set here')
      .dispatchEvent('drop', { dataTransfer: transfer });
    await expect(page.getByText(/toys holds dog1, mug1: 9 photos in all/)).toBeVisible();
  } finally {
    rmSync(join(root, '..'), { recursive: true, force: true });
  }
});
