import { expect, type Page, test } from '@playwright/test';
import { applySettings, computeOn, loadSample, openApp, TINY } from './helpers.ts';

/** SwiftShader on a busy machine: the limits tell a hang from that. */
const WAIT = { timeout: 600_000 };
/** Two checkpoints and two steps behind them at least: the device is lost in between, and SwiftShader is slow. */
const STEPS = 6;

async function loseDevice(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByRole('button', { name: 'Lose the device' }).click();
  await page.keyboard.press('Escape');
}

test('on WebGPU: teach, draw, evaluate; the choice is kept; lost once it comes back, lost twice the processor goes on', async ({
  page,
}) => {
  test.setTimeout(2_400_000);
  await openApp(page);
  await computeOn(page, 'GPU', /google swiftshader/);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Computing on: google swiftshader/ })).toBeVisible(WAIT);
  await expect(page.getByRole('button', { name: /Encoder: Built-in encoder/ })).toBeVisible(WAIT);
  await loadSample(page, 'Alpine mug');

  // Taught, over a lost device.
  await applySettings(page, { ...TINY, steps: STEPS });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step [23] of 6/)).toBeVisible(WAIT);
  await loseDevice(page);
  await expect(page.getByText(/training continues from the last checkpoint/)).toBeVisible(WAIT);
  await expect(page.getByText(/Taught in/)).toBeVisible(WAIT);
  await expect(page.getByRole('button', { name: /^Computing on: google swiftshader/ })).toBeVisible();
  await expect(page.getByTestId('change-Similarity to your photos')).toBeVisible(WAIT);

  // A picture, drawn without learning.
  const generate = page.getByRole('region', { name: 'Generate' });
  await generate.getByRole('button', { name: 'Show', exact: true }).click();
  await generate.getByRole('button', { name: /Load the built-in generator/ }).click();
  await expect(generate.getByText(/24\.3 million parameters/)).toBeVisible(WAIT);
  const draw = generate.getByRole('group', { name: 'Draw' });
  const purpose = generate.getByRole('combobox', { name: 'Pictures of' });
  await purpose.click();
  await page.getByRole('option', { name: 'others of its kind' }).click();
  await draw.getByLabel('Guidance').fill('1');
  await draw.getByLabel('Pictures', { exact: true }).fill('1');
  await draw.getByLabel('Steps', { exact: true }).fill('2');
  await generate.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(generate.getByTestId('class-image')).toHaveCount(1, WAIT);

  // Judged, over the second loss: from there on the processor does it, with the same encoder, adapter and photos.
  const evaluate = page.getByRole('region', { name: 'Evaluate' });
  await evaluate.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect(evaluate.getByText(/[1-9]\d* of \d+ pictures/)).toBeVisible(WAIT);
  await loseDevice(page);
  await expect(page.getByText('Something else computes now')).toBeVisible(WAIT);
  await expect(page.getByText(/It was lost twice.*The processor computes instead/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Computing on: CPU, / })).toBeVisible();
  await expect(evaluate.getByRole('row')).toHaveCount(3, WAIT);
  await expect(evaluate.getByRole('button', { name: 'Evaluate again' })).toBeVisible();
});

test('going over to another device in the middle of a run: it goes on from its last checkpoint', async ({
  page,
}) => {
  test.setTimeout(900_000);
  await openApp(page);
  await computeOn(page, 'GPU', /google swiftshader/);
  await loadSample(page, 'Alpine mug');
  await applySettings(page, { ...TINY, steps: STEPS });
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Teaching: step [2-4] of 6/)).toBeVisible(WAIT);
  await computeOn(page, 'CPU', /CPU, \d+ threads?/);
  await expect(page.getByText(/Another device computes now; training continues/)).toBeVisible(WAIT);
  await expect(page.getByText(/Taught in/)).toBeVisible(WAIT);
  await expect(page.getByTestId('change-Similarity to your photos')).toBeVisible(WAIT);
});
