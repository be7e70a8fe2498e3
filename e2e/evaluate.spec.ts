import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { applySettings, copySamples, loadSample, openApp, TINY } from './helpers.ts';

/** Two samples of three test pictures each, added as a data set; the mug is open. */
async function addTwoSubjects(page: Page): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'familiar-'));
  try {
    const pictures = ['00', '01', '02'];
    copySamples(join(root, 'toys'), [
      ...pictures.map((name) => ['test', `${name}.jpg`] as const),
      ...pictures.map((name) => ['test_masks', `${name}.png`] as const),
    ]);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add a data set' }).click();
    await (await choosing).setFiles(join(root, 'toys'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(page.getByText('2 subjects are added.')).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: /mug1/ }).click();
    await expect(page.getByRole('tab', { name: /mug1/, selected: true })).toBeVisible();
    await expect(page.getByText('Training 3')).toBeVisible();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

test('evaluate: pretrained, then with an adapter; kept over a reload; pictures open in Compare', async ({
  page,
}) => {
  // A minute and a half on a machine of its own; the limits tell a hang from a busy machine.
  test.setTimeout(1_500_000);
  await openApp(page);
  await addTwoSubjects(page);
  const panel = page.getByRole('region', { name: 'Evaluate' });
  await panel.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect(panel.getByText(/[2-5] of 6 pictures/)).toBeVisible({ timeout: 240_000 });

  // Cancelled, and gone on with after a reload: what is judged is not judged again.
  await panel.getByRole('button', { name: 'Cancel' }).click();
  const rest = panel.getByRole('button', { name: 'Evaluate the rest' });
  await expect(rest).toBeVisible();
  await expect(panel.getByText(/0 of 1 rows are done, and \d+ pictures of the next/)).toBeVisible();
  await page.reload();
  const kept = panel.getByText(/and \d+ pictures of the next/);
  await expect(kept).toBeVisible({ timeout: 120_000 });
  const pictures = Number(/and (\d+) pictures/.exec((await kept.textContent())!)![1]);
  expect(pictures).toBeGreaterThanOrEqual(2);
  await rest.click();
  // The first that is shown is what was kept, or one more.
  const first = panel.getByText(/[1-9]\d* of 6 pictures/);
  await expect(first).toBeVisible({ timeout: 120_000 });
  expect(Number(/(\d+) of 6/.exec((await first.textContent())!)![1])).toBeGreaterThanOrEqual(pictures);
  await expect(panel.getByRole('row')).toHaveCount(2, { timeout: 480_000 });
  await expect(panel.getByRole('button', { name: 'Evaluate again' })).toBeVisible();
  await expect(panel.getByText(/^Retrieval needs a second subject/)).toBeHidden();
  await expect(panel.getByLabel('Precision-recall curves').locator('path').first()).toBeAttached();

  await applySettings(page, TINY);
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible({ timeout: 480_000 });
  // The pretrained row is there; the adapter's is missing.
  await expect(panel.getByText('1 of 2 rows are done. What is done is not judged again.')).toBeVisible();
  await rest.click();
  await expect(panel.getByText(/([6-9]|1\d) of 12 pictures/)).toBeVisible({ timeout: 120_000 });
  await expect(panel.getByRole('row')).toHaveCount(3, { timeout: 480_000 });
  await expect(panel.getByRole('button', { name: 'Evaluate again' })).toBeVisible();

  // The hardest pictures have a map of each encoder below them.
  await expect(panel.getByRole('img', { name: 'Personalized map' }).first()).toBeVisible();

  // A changed number is told with its sign.
  await expect(panel.getByText(/^[+−]0\.\d{3}$/).first()).toBeVisible();
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Scores as JSON' }).click();
  const { rows } = JSON.parse(readFileSync(await (await downloading).path(), 'utf8'));
  expect(rows.map((row: { recipe: string }) => row.recipe)[0]).toBe('pretrained');
  expect(rows[1].records).toHaveLength(6);
  expect(rows[1].maps).toBeUndefined();
  expect(rows[1].scores.overall.detection.map).toBeGreaterThanOrEqual(0);
  expect(rows[1].records[0].score).not.toBe(rows[0].records[0].score);

  await page.reload();
  await expect(panel.getByRole('row')).toHaveCount(3, { timeout: 120_000 });
  await panel
    .getByRole('button', { name: /in Compare/ })
    .first()
    .click();
  await expect(page.getByRole('region', { name: 'Compare' })).toBeInViewport();
});

test('evaluate: a sample that is alone gets another beside it for retrieval, and stays open', async ({
  page,
}) => {
  await openApp(page);
  await loadSample(page, 'Alpine mug');
  const panel = page.getByRole('region', { name: 'Evaluate' });
  await expect(panel.getByText(/^Retrieval needs a second subject/)).toBeVisible();
  await panel.getByRole('button', { name: 'Add a subject of your own' }).click();
  await expect(page.getByRole('dialog', { name: 'New subject' })).toBeVisible();
  await page.keyboard.press('Escape');
  await panel.getByRole('button', { name: 'Add Biscuit, a sample' }).click();
  await expect(page.getByRole('tab', { name: /Biscuit/ })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('tab', { name: /Alpine mug/, selected: true })).toBeVisible();
  await expect(panel.getByText(/^Retrieval needs a second subject/)).toBeHidden();
  await expect(panel.getByText(/and the test photos of your other subjects/)).toBeVisible();
});
