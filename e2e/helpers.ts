import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';

const SAMPLES = join(import.meta.dirname, '../public/samples');

/** Settings of a run that is over in seconds. */
export const TINY = {
  steps: 4,
  batch: 1,
  triplets: 4,
  cutPasteCount: 2,
  views: { mode: 'fresh' },
  lora: { rank: 4, alpha: 8, dropout: 0, targets: 'qkv', lastLayers: 1 },
  optimizer: { learningRate: 0.01 },
  checkpointEvery: 1,
};

/** Two of the bundled samples in the reference layout, as dog1 and mug1: training photos and masks, and of `parts` one file each. */
export function copySamples(root: string, parts: readonly (readonly [string, string])[]): void {
  for (const [sample, name] of [
    ['dog-biscuit', 'dog1'],
    ['mug-alpine', 'mug1'],
  ] as const) {
    for (const part of ['train', 'train_masks'])
      cpSync(join(SAMPLES, sample, part), join(root, part, name), { recursive: true });
    for (const [part, file] of parts) {
      mkdirSync(join(root, part, name), { recursive: true });
      cpSync(join(SAMPLES, sample, part, file), join(root, part, name, file));
    }
  }
}

/** Open the page and wait for the engine. */
export async function openApp(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByRole('button', { name: /Encoder: Built-in encoder/ })).toBeVisible({
    timeout: 60_000,
  });
}

/** Have the page compute on something else, and wait until it does. */
export async function computeOn(
  page: Page,
  choice: 'Automatic' | 'GPU' | 'CPU',
  label: RegExp,
): Promise<void> {
  await page.getByRole('button', { name: /^Computing on/ }).click();
  await page.getByRole('menuitemradio', { name: new RegExp(`^${choice}`) }).click();
  await page.keyboard.press('Escape');
  const name = new RegExp(`^Computing on: ${label.source}`);
  await expect(page.getByRole('button', { name })).toBeVisible({ timeout: 60_000 });
}

/** Load a bundled sample and wait until its photos are there. */
export async function loadSample(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`Try with ${name}`) }).click();
  await expect(page.getByRole('heading', { name: 'Photos' })).toBeVisible();
  await expect(page.getByText('Training 3')).toBeVisible();
}

/** Put settings into the drawer as JSON. */
export async function applySettings(page: Page, settings: unknown): Promise<void> {
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByLabel('Settings as JSON').fill(JSON.stringify(settings));
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await expect(page.getByText('The settings are in use.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Settings as JSON')).toBeHidden();
}

/** Record every request a page and its workers make. */
export function recordRequests(page: Page): string[] {
  const urls: string[] = [];
  page.context().on('request', (request) => urls.push(request.url()));
  return urls;
}
