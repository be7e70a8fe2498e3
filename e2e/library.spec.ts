import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { loadSample, openApp } from './helpers.ts';

/** Number of keys in all of the page's IndexedDB databases but the measurements of this machine. */
async function storedKeys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      if (!name || name === 'familiar-tuning') continue;
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const store of database.objectStoreNames) {
        const all = await new Promise<IDBValidKey[]>((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAllKeys();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        keys.push(...all.map(String));
      }
      database.close();
    }
    return keys;
  });
}

test('export, trash, delete for ever, import', async ({ page }) => {
  await openApp(page);
  await loadSample(page, 'Comet sneaker');
  const subjectKeys = (await storedKeys(page)).length;
  expect(subjectKeys).toBeGreaterThan(30);

  await page.getByRole('button', { name: 'Subject menu' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as zip' }).click();
  const zip = readFileSync(await (await downloading).path());
  expect(zip.length).toBeGreaterThan(300_000);

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Subject menu' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByText('Comet sneaker is in the trash')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Training 3')).toBeVisible();

  await page.getByRole('button', { name: 'Subject menu' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByRole('heading', { name: 'Try with a sample' })).toBeVisible();
  await page.getByRole('button', { name: 'Subject menu' }).click();
  await page.getByRole('button', { name: 'Delete Comet sneaker for ever' }).click();
  await page.getByRole('button', { name: 'Delete for ever', exact: true }).click();
  await expect(page.getByText('Comet sneaker is deleted for ever.')).toBeVisible();
  expect((await storedKeys(page)).filter((key) => !/setting|schema|meta|version/i.test(key))).toEqual([]);

  // The trash is empty, so the way to import is the welcome's: create nothing, open the menu of a new subject.
  await loadSample(page, 'Sunny');
  await page.getByRole('button', { name: 'Subject menu' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Import a zip' }).click();
  await (await choosing).setFiles({ name: 'sneaker.zip', mimeType: 'application/zip', buffer: zip });
  await expect(page.getByText('Comet sneaker is imported.')).toBeVisible();
  await expect(page.getByText('Training 3')).toBeVisible();
  await expect(page.getByRole('tab', { name: /Comet sneaker/, selected: true })).toBeVisible();
});

test('a broken zip is refused by name', async ({ page }) => {
  await openApp(page);
  await loadSample(page, 'Sunny');
  await page.getByRole('button', { name: 'Subject menu' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Import a zip' }).click();
  await (await choosing).setFiles({
    name: 'broken.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('PK no'),
  });
  await expect(page.getByText('broken.zip could not be imported')).toBeVisible();
  await expect(page.getByText('Training 3')).toBeVisible();
});
