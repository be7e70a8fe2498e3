import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { applySettings, loadSample, openApp, recordRequests, TINY } from './helpers.ts';

/** How long anything may take that the GPU's work is waited for: limits are not to measure how busy the machine is. */
const SLOW = 3_600_000;
const WAIT = { timeout: 1_200_000 };

test('a generator learns the sample, draws it, and the encoder learns from that', async ({
  page,
  baseURL,
}) => {
  // Measured: 23 minutes on two cores that had fifteen other jobs.
  test.setTimeout(SLOW);
  const requests = recordRequests(page);
  await openApp(page);
  await loadSample(page, 'Biscuit');
  const panel = page.getByRole('region', { name: 'Generate' });
  const loadGenerator = async () => {
    await panel.getByRole('button', { name: /Load the built-in generator/ }).click();
    await expect(panel.getByText(/24\.3 million parameters/)).toBeVisible(WAIT);
  };
  const fill = (name: string, value: number) => panel.getByLabel(name, { exact: true }).fill(String(value));
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  await loadGenerator();

  // DreamBooth, as short as it can be.
  await panel.getByRole('button', { name: 'Learning settings' }).click();
  await page.getByLabel('Learning settings as JSON').fill(
    JSON.stringify({
      steps: 2,
      views: 2,
      checkpointEvery: 1,
      validateEvery: 2,
      validation: { steps: 2, guidance: 1 },
    }),
  );
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Learning settings as JSON')).toBeHidden();
  await panel.getByRole('button', { name: 'Learn Biscuit' }).click();
  await expect(panel.getByText(/Learned in/)).toBeVisible(WAIT);
  const curve = panel.getByRole('img', { name: /^Denoising loss over 2 steps/ });
  const samples = panel.getByRole('img', { name: /^a photo of a <new1> dog, .* after \d steps/ });
  await expect(curve).toBeVisible();
  await expect(samples).toHaveCount(2);
  await expect(panel.getByRole('combobox', { name: 'Draw with' })).toHaveValue(/^Step 2, seed/);

  // The LoRA leaves in both layouts.
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: /^Download LoRA/ }).click();
  const files = unzipSync(new Uint8Array(readFileSync(await (await downloading).path())));
  expect(Object.keys(files).sort()).toEqual(['kohya_lora.safetensors', 'pytorch_lora_weights.safetensors']);

  // It outlives a reload.
  await page.reload();
  await expect(page.getByRole('button', { name: /Encoder: Built-in encoder/ })).toBeVisible(WAIT);
  await expect(panel.getByText(/^Learned before: 2 of 2 steps/)).toBeVisible();
  await loadGenerator();
  await expect(panel.getByRole('combobox', { name: 'Draw with' })).toHaveValue(/^Step 2, seed/);
  await expect(curve).toBeVisible();
  await expect(samples).toHaveCount(2);

  // Back to the first step, and on from there to the second once more: what came later goes.
  const drawWith = panel.getByRole('combobox', { name: 'Draw with' });
  await expect(panel.getByLabel('Steps', { exact: true }).first()).toHaveValue('2');
  await expect(panel.getByText('It has all 2 steps. Set more above to learn on from it.')).toBeVisible();
  await drawWith.click();
  await page.getByRole('option', { name: /^Step 1, seed/ }).click();
  await panel.getByRole('button', { name: 'Learn on from step 1 to 2' }).click();
  const question = page.getByRole('dialog', { name: 'Learn on from step 1?' });
  await expect(question.getByText(/deleted: the checkpoint of step 2\./)).toBeVisible();
  await question.getByRole('button', { name: 'Delete them and learn on' }).click();
  await expect(panel.getByText(/Learned in/)).toBeVisible(WAIT);
  await expect(curve).toBeVisible();
  await expect(samples).toHaveCount(2);
  await expect(drawWith).toHaveValue(/^Step 2, seed/);
  await drawWith.click();
  await expect(page.getByRole('option', { name: /^Step \d, seed/ })).toHaveCount(2);
  await page.keyboard.press('Escape');

  // Pictures, cancelled while the photos are looked at, then in the middle of one.
  const draw = panel.getByRole('group', { name: 'Draw' });
  const short = async (): Promise<void> => {
    await draw.getByLabel('Guidance').fill('1');
    await draw.getByLabel('Pictures', { exact: true }).fill('2');
    await draw.getByLabel('Steps', { exact: true }).fill('3');
  };
  await short();
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByText(/Looking at the photos: \d+ of \d+ pictures/)).toBeVisible(WAIT);
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByRole('button', { name: 'Draw pictures' })).toBeVisible(WAIT);
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByText(/Drawing: 0 of 2 made/)).toBeVisible(WAIT);
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await expect(panel.getByRole('button', { name: 'Draw pictures' })).toBeVisible(WAIT);
  await expect(panel.getByTestId('generated')).toHaveCount(0);

  // Cut short by a reload, then made.
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByText(/Drawing: 0 of 2 made/)).toBeVisible(WAIT);
  await page.reload();
  await expect(page.getByRole('button', { name: /Encoder: Built-in encoder/ })).toBeVisible(WAIT);
  await expect(panel.getByText('0 of 2 pictures are made.')).toBeVisible();
  await panel.getByRole('button', { name: 'Load the generator and resume' }).click();
  await expect(panel.getByTestId('generated')).toHaveCount(2, WAIT);
  await expect(panel.getByText(/^2 pictures drawn, \d of them/)).toBeVisible(WAIT);
  await expect(draw.getByLabel('Seed')).toHaveValue('3');
  // What was chosen outlived the reload.
  await expect(draw.getByLabel('Guidance')).toHaveValue('1');
  await expect(draw.getByLabel('Steps', { exact: true })).toHaveValue('3');

  // Until one is kept, with two tries at most: which of the two ended it is said.
  const until = draw.getByLabel('Until enough are kept');
  await until.check();
  await draw.getByLabel('Keep', { exact: true }).fill('1');
  await draw.getByLabel('Tries at most').fill('2');
  await draw.getByLabel('At once').fill('1');
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(
    panel.getByText(/^1 picture is kept, after [12] of at most 2 tries|All 2 tries are used before 1/),
  ).toBeVisible(WAIT);
  const drawn = await panel.getByTestId('generated').count();
  expect([3, 4]).toContain(drawn);
  await until.uncheck();

  // The filter's decision is the user's to change.
  const first = panel.getByTestId('generated').first();
  if ((await first.getAttribute('data-kept')) === 'true') {
    await first.getByRole('button', { name: /^Reject/ }).click();
    await expect(first).toHaveAttribute('data-kept', 'false');
  }
  await first.getByRole('button', { name: /^Keep/ }).click();
  await expect(first).toHaveAttribute('data-kept', 'true');

  // Others of its kind, and places to paste it on, by the generator as it came.
  const purpose = panel.getByRole('combobox', { name: 'Pictures of' });
  const choosePurpose = async (name: string): Promise<void> => {
    await purpose.click();
    await page.getByRole('option', { name }).click();
  };
  await choosePurpose('others of its kind');
  await expect(panel.getByText(/draws “a photo of a dog”.*There are none yet/)).toBeVisible();
  await fill('Pictures', 1);
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByTestId('class-image')).toHaveCount(1, WAIT);
  await choosePurpose('backgrounds');
  await panel.getByRole('button', { name: 'Draw pictures' }).click();
  await expect(panel.getByRole('button', { name: 'Draw pictures' })).toBeVisible(WAIT);
  await page.locator('label', { hasText: /^Backgrounds/ }).click();
  await expect(page.getByRole('button', { name: /^a photo of a .*\.png, no mask/ })).toHaveCount(1);
  await choosePurpose('Biscuit');
  await expect(panel.getByTestId('generated')).toHaveCount(drawn);

  // The encoder learns from real, pasted and generated pictures alike.
  await applySettings(page, { ...TINY, steps: 6, positives: 'combined' });
  await expect(page.getByText(/a third each of real crops, Cut\/Paste and \d generated/)).toBeVisible();
  await page.getByRole('button', { name: 'Teach', exact: true }).click();
  await expect(page.getByText(/Taught in/)).toBeVisible(WAIT);
  await expect(page.getByRole('img', { name: /generated picture \d/ }).first()).toBeVisible();
  await expect(page.getByTestId('adapter')).toHaveCount(1);

  const foreign = requests.filter((url) => !url.startsWith(baseURL!) && !/^(blob|data):/.test(url));
  expect(foreign).toEqual([]);
});

test('a generator from a folder loads, one that lacks a file is refused by name; settings of learning', async ({
  page,
}) => {
  test.setTimeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), 'familiar-'));
  try {
    // A machine of so little memory that drawing two at once is too much for it.
    await page.addInitScript(() => Object.defineProperty(navigator, 'deviceMemory', { value: 0.1454 }));
    await openApp(page);
    await loadSample(page, 'Biscuit');
    const panel = page.getByRole('region', { name: 'Generate' });
    await panel.getByRole('button', { name: 'Show', exact: true }).click();
    const choose = async (path: string): Promise<void> => {
      const choosing = page.waitForEvent('filechooser');
      await panel.getByRole('button', { name: 'Load one from a folder' }).click();
      await (await choosing).setFiles(path);
    };
    writeFileSync(join(folder, 'readme.txt'), 'no generator');
    await choose(folder);
    await expect(page.getByText(/there is no unet\/config\.json in this folder/)).toBeVisible();
    mkdirSync(join(folder, 'unet'));
    writeFileSync(join(folder, 'unet/config.json'), '{}');
    await choose(folder);
    await expect(page.getByText(/the folder lacks .*; text_encoder\/model\.onnx; .* optimum/)).toBeVisible();
    await panel.getByRole('button', { name: 'What must be in the folder?' }).click();
    await expect(panel.getByText('vae_decoder/model.onnx')).toBeVisible();
    await choose(join(import.meta.dirname, '../public/models/generator'));
    await expect(panel.getByText(/local:generator: 128 × 128 pixels, 24\.3 million parameters/)).toBeVisible({
      timeout: 120_000,
    });
    await expect(panel.getByText(/while it draws\. That may be more than there is/)).toBeVisible();
    await panel.getByRole('button', { name: 'Draw 1 at once' }).click();
    await expect(panel.getByLabel('At once')).toHaveValue('1');
    await expect(panel.getByText(/MB of memory while it draws\.$/)).toBeVisible();

    // Captions whose words it does not know.
    const captions = panel.getByRole('combobox', { name: 'Captions' });
    await captions.click();
    await page.getByRole('option', { name: 'A hundred scenes' }).click();
    await expect(panel.getByText(/does not know \d+ of the \d+ words of these captions/)).toBeVisible();
    await panel.getByRole('button', { name: 'Use its own words' }).click();
    await expect(captions).toHaveValue('The generator’s own words');
    await expect(panel.getByText(/words of these captions/)).toBeHidden();

    // A class word that it does not know.
    await page.getByRole('button', { name: 'Subject menu' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('What is it?').fill('quokka');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(panel.getByText(/does not know the word quokka/)).toBeVisible();

    // Settings of learning: marked where they differ from the recipe, out and in as a file, refused by name.
    await panel.getByRole('button', { name: 'Learning settings' }).click();
    const drawer = page.getByRole('dialog', { name: 'Learning settings' });
    await drawer.getByRole('button', { name: 'Close' }).press('Enter');
    await expect(drawer).toBeHidden();
    await panel.getByRole('button', { name: 'Learning settings' }).click();
    await drawer.getByLabel('Steps', { exact: true }).fill('7');
    await drawer.getByRole('button', { name: 'Steps: back to 150' }).click();
    await expect(drawer.getByLabel('Steps', { exact: true })).toHaveValue('150');
    await drawer.getByLabel('Prior preservation').check();
    await drawer.getByLabel('Class pictures').fill('3');
    const downloading = page.waitForEvent('download');
    await drawer.getByRole('button', { name: 'Download' }).click();
    const path = await (await downloading).path();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ preset: 'custom', prior: { images: 3 } });
    await drawer.getByRole('button', { name: 'Put all back to Built-in' }).click();
    await expect(drawer.getByLabel('Class pictures')).toBeHidden();
    const choosing = page.waitForEvent('filechooser');
    await drawer.getByRole('button', { name: 'Open a file' }).click();
    await (await choosing).setFiles(path);
    await expect(drawer.getByLabel('Class pictures')).toHaveValue('3');
    await drawer.getByLabel('Learning settings as JSON').fill('{"lora": {"rank": 0}}');
    await drawer.getByRole('button', { name: 'Apply', exact: true }).click();
    await expect(page.getByText(/lora\.rank must be a whole number from 1 to 256; it is 0/)).toBeVisible();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
