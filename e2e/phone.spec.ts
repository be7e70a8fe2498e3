import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { openLibrary } from '../src/library/library.ts';
import { MemoryStore } from '../src/library/storage/memory.ts';
import { newPhoto } from '../src/library/testing/library.ts';
import { exportSubject } from '../src/library/zip/export.ts';
import { loadSample, openApp } from './helpers.ts';

/** A subject of three photos and two generated pictures that the filter has judged, as a zip. */
async function drawnSubject(): Promise<Buffer> {
  const library = await openLibrary({ store: new MemoryStore() });
  const { id } = await library.subjects.create({ name: 'Rex', className: 'dog' });
  const jpeg = (i: number) => ({
    ...{ width: 384, height: 384, type: 'image/jpeg' as const },
    blob: new Blob([
      readFileSync(join(import.meta.dirname, `../public/samples/dog-biscuit/train/0${i}.jpg`)),
    ]),
  });
  for (const i of [0, 1, 2]) await library.photos.add(id, newPhoto(`photo ${i}`, jpeg(i)));
  for (const [seed, score] of [0.2, 0.6].entries()) {
    const generated = {
      ...{ prompt: 'a dog', seed, score, kept: score > 0.4, threshold: 0.4 },
      ...{ generatorId: 'embedded', loraId: null, seconds: 1 },
    };
    await library.photos.add(id, newPhoto(`drawn ${seed}`, { ...jpeg(seed), role: 'generated', generated }));
  }
  return Buffer.from(await (await exportSubject(library, id)).arrayBuffer());
}

/** How much wider than the window the page is, in pixels. */
const tooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('on a phone nothing is too wide or covered, and hints come by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page);
  await loadSample(page, 'Biscuit');
  await page.getByRole('button', { name: 'Subject menu' }).click();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'Import a zip' }).click();
  const buffer = await drawnSubject();
  await (await choosing).setFiles({ name: 'rex.zip', mimeType: 'application/zip', buffer });
  await expect(page.getByText('Rex is imported.')).toBeVisible();
  await page.keyboard.press('Escape');
  const panel = page.getByRole('region', { name: 'Generate' });
  await panel.getByRole('button', { name: /Load the built-in generator/ }).click();
  await expect(panel.getByText(/24\.3 million parameters/)).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('img', { name: /^Colour scale from/ })).toBeVisible({ timeout: 120_000 });
  expect(await tooWide(page)).toBe(0);

  // The threshold's value is in the text above it, which the slider leaves free as it moves.
  const text = panel.getByText(/^Keep from 0\.40 on\./);
  await expect(text).toBeVisible();
  const thumb = panel.getByRole('slider', { name: 'Lowest score that is kept' });
  await thumb.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await thumb.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 90, y + height / 2);
  const above = (await panel.getByText(/^Keep from 0\.[5-9]\d on\./).boundingBox())!;
  for (const label of await panel.locator('.mantine-Slider-label').all())
    expect((await label.boundingBox())?.y ?? Number.POSITIVE_INFINITY).toBeGreaterThan(
      above.y + above.height,
    );
  await page.mouse.up();
  await expect(panel.getByText('0 of 2 pictures kept for teaching')).toBeVisible();

  // Hints of fields.
  await panel.getByLabel('LoRA rank').focus();
  await page.keyboard.press('Tab');
  const classPictures = panel.getByLabel('Class pictures');
  await expect(classPictures).toBeFocused();
  await expect(classPictures).toHaveAccessibleDescription(/keep it from taking every dog for yours/);
  await expect(page.getByRole('tooltip', { name: /keep it from taking every dog/ })).toBeVisible();
  const top = async (label: string) => (await panel.getByText(label, { exact: true }).boundingBox())!.y;
  expect(await top('Class pictures')).toBe(await top('Sample every'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  const masked = panel.getByRole('switch', { name: 'Masked' });
  await expect(masked).toBeFocused();
  await expect(masked).toHaveAccessibleDescription(/The loss counts the object/);
  await expect(page.getByRole('tooltip', { name: /The loss counts the object/ })).toBeVisible();
  expect(await tooWide(page)).toBe(0);

  // What takes hours is told of beforehand, and what it will need of memory.
  const teach = page.getByRole('region', { name: 'Teach' });
  await expect(teach.getByText(/^About \d+ MB of memory while it is taught\.$/)).toBeVisible();
  await expect(teach.getByText(/This will take about/)).toBeHidden();
  await teach.getByRole('radio', { name: /^Paper/ }).click();
  await expect(teach.getByText(/This will take about [\d.]+ (min|h|days) on this machine/)).toBeVisible();
  await teach.getByRole('radio', { name: /^Quick/ }).click();
  await expect(teach.getByText(/This will take about/)).toBeHidden();
});
