import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { openApp } from './helpers.ts';

/** A picture of a red disc on a checkered floor, as PNG. */
function disc(x: number, y: number): Buffer {
  const png = new PNG({ width: 160, height: 120 });
  for (let i = 0; i < 160 * 120; i++) {
    const [u, v] = [i % 160, Math.floor(i / 160)];
    const inside = Math.hypot(u - x, v - y) < 30;
    const tile = (Math.floor(u / 20) + Math.floor(v / 20)) % 2 ? 90 : 150;
    const color = inside ? [200, 40 + ((u * 5) % 30), 30] : [tile, tile + 20, tile];
    png.data.set([...color, 255], i * 4);
  }
  return PNG.sync.write(png);
}

const file = (name: string, buffer: Buffer, mimeType = 'image/png') => ({ name, mimeType, buffer });

test('photos, bad files, masks', async ({ page }) => {
  await openApp(page);
  await page.getByLabel('Name').fill('Red disc');
  await page.getByLabel('What is it?').fill('disc');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Photos' })).toBeVisible();

  const choosing = page.waitForEvent('filechooser');
  await page.getByLabel('Drop photos here').click();
  const good = disc(60, 60);
  await (await choosing).setFiles([
    file('one.png', good),
    file('two.png', disc(100, 50)),
    file('again.png', good),
    file('letter.jpg', Buffer.from('Dear reader, this is no picture.'), 'image/jpeg'),
    file('cut.png', good.subarray(0, good.length >> 1)),
    file('empty.jpg', Buffer.alloc(0), 'image/jpeg'),
  ]);
  const report = page.getByRole('log', { name: 'Results of the import' });
  for (const name of ['again.png', 'letter.jpg', 'cut.png', 'empty.jpg']) {
    await expect(report.getByText(name, { exact: true })).toBeVisible();
  }
  await expect(page.getByText('Training 2')).toBeVisible();
  await expect(page.getByText(/Add 1 more photo/)).toBeVisible();

  // One click proposes a mask; the eraser corrects it; undo brings it back; it is there after a reload.
  await page.getByRole('button', { name: 'Mark it' }).click();
  const canvas = page.getByTestId('mask-canvas');
  await expect(canvas).toBeVisible();
  const box = (await canvas.boundingBox())!;
  await page.mouse.click(box.x + (60 / 160) * box.width, box.y + (60 / 120) * box.height);
  const share = page.getByText(/% marked/);
  await expect(share).not.toContainText(' 0.0 % marked', { timeout: 60_000 });
  const proposed = await share.textContent();
  await page.getByText('Eraser', { exact: true }).click();
  await page.mouse.move(box.x + (50 / 160) * box.width, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + (70 / 160) * box.width, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(share).not.toHaveText(proposed!);
  await page.keyboard.press('Control+z');
  await expect(share).toHaveText(proposed!);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(canvas).toBeHidden();
  await page.reload();
  await expect(page.getByRole('button', { name: /one\.png, masked/ })).toBeVisible({ timeout: 60_000 });

  // Removing can be undone; roles can be changed.
  await page.getByRole('button', { name: /two\.png, no mask/ }).focus();
  await page.keyboard.press('Delete');
  await expect(page.getByText('Training 1')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Training 2')).toBeVisible();
  await page.getByRole('button', { name: 'Menu of two.png' }).click();
  await page.getByRole('menuitem', { name: 'Move to test photos' }).click();
  await expect(page.getByText('Test 1')).toBeVisible();
});
