/**
 * `npm run personalize -- --data DIR --subject NAME --out OUT`: train an adapter in headless Chromium with the app's own
 * code; writes the adapter, the settings, before/after scores and map pictures. Without `--data`, a bundled sample.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readArguments, wholeNumber } from './lib/arguments.mjs';
import { wantedBackend } from './lib/backend.mjs';
import { chooseSubject, DATA, negativesOf, othersOf, pictures, readData, spread } from './lib/dataFolder.mjs';
import { findEncoder } from './lib/encoderFolder.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ROOT } from './lib/install.mjs';
import { printScores } from './lib/scores.mjs';
import { readSettingsFile } from './lib/settingsFile.mjs';
import { readJson } from './lib/text.mjs';

const OPTIONS = [
  'backend',
  'data',
  'subject',
  'out',
  'encoder',
  'positives',
  'preset',
  'steps',
  'seed',
  'settings',
  'others',
  'tests',
  'class',
  'images',
  'dreambooth',
  'dreambooth-settings',
];
const options = readArguments(OPTIONS);
const backend = wantedBackend(options);
const out = resolve(String(options.out ?? 'out'));
const preset = String(options.preset ?? 'balanced');
const stop = (message) => {
  console.error(message);
  process.exit(2);
};
if (!['paper', 'balanced', 'quick'].includes(preset))
  stop(`--preset is paper, balanced or quick, not ${preset}.`);
const POSITIVES = ['real', 'cutpaste', 'dreambooth', 'masked-dreambooth', 'combined'];
const positives = options.positives ? String(options.positives) : undefined;
if (positives && !POSITIVES.includes(positives))
  stop(`--positives is one of ${POSITIVES.join(', ')}, not ${positives}.`);
const images = wholeNumber(options, 'images');
const drawn = positives?.includes('dreambooth') || (positives === 'combined' && images !== undefined);
if (images && !drawn) stop('--images goes with --positives dreambooth, masked-dreambooth or combined.');
if (options.data && !existsSync(String(options.data))) stop(`There is no folder ${options.data}.`);

ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
const { openHeadless } = await import('./lib/headless.mjs');

const samples = readJson(join(ROOT, 'public', 'samples', 'index.json'));
const extra = options.data ? { [DATA]: resolve(String(options.data)) } : {};
const encoder = await findEncoder(options.encoder, extra).catch((error) => stop(error.message));
const sample = options.data ? null : chooseSample();

const started = Date.now();
const { page, close } = await openHeadless(extra, { familiarProgress: showProgress });
const fail = async (error) => {
  await close();
  stop(error.message);
};
const { subject, className, data } = options.data ? await fromFolder().catch(fail) : fromSample(sample);
const settings = await readSettingsFile(page, 'readSettings', { preset }, options.settings).catch(fail);
if (positives) settings.positives = positives.includes('dreambooth') ? 'generated' : positives;
const steps = wholeNumber(options, 'steps');
if (steps) settings.steps = steps;
const seed = wholeNumber(options, 'seed', 0);
if (seed !== undefined) settings.seed = seed;
console.log(
  `${subject}: ${data.train.length} training and ${data.test.length} test pictures, preset ${preset}`,
);
let result;
try {
  result = await page.evaluate((request) => globalThis.familiar.runPersonalize(request), {
    ...data,
    backend,
    encoder,
    settings,
    generate: drawn ? await generatePositives() : null,
    progress: 'familiarProgress',
  });
} catch (error) {
  console.error(`\nThe run failed: ${error.message.split('\n')[0]}`);
  process.exit(1);
} finally {
  await close();
}
const { files, scores, before, after, settings: used, ...summary } = result;
const write = (name, content) => {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), content);
};
for (const { name, base64 } of files) write(name, Buffer.from(base64, 'base64'));
write('settings.json', `${JSON.stringify(used, null, 2)}\n`);
write(
  'scores.json',
  `${JSON.stringify({ subject, preset, ...summary, before, after, pictures: scores }, null, 2)}\n`,
);
console.log(
  `\n${subject} on ${summary.device}: ${Math.round(summary.seconds)} s of training, ${Math.round((Date.now() - started) / 1000)} s in all`,
);
printScores(before, after);
console.log(`\nWritten to ${out}`);

/** DreamBooth first: the embedded generator learns the subject and draws `--images` (8) that pass the filter. */
async function generatePositives() {
  const wanted = images ?? 8;
  const base = {
    masked: positives !== 'dreambooth',
    ...{ seed: settings.seed, validateEvery: 0 },
    ...(options.dreambooth ? { steps: wholeNumber(options, 'dreambooth') } : {}),
  };
  const file = options['dreambooth-settings'];
  const dreambooth = await readSettingsFile(page, 'readDreamBoothSettings', base, file).catch(fail);
  const classWord = String(options.class ?? className ?? subject.replace(/[_\d]+/g, ' ').trim());
  const { sampler, steps: samplerSteps, guidance } = dreambooth.validation;
  return {
    ...{ dreambooth, classWord, images: wanted, tries: 4 * wanted, batch: 2 },
    sampling: { sampler, steps: samplerSteps, guidance, negativePrompt: '' },
  };
}

function chooseSample() {
  const known = samples.subjects.map(({ id }) => id);
  const chosen = String(options.subject ?? known[0]);
  if (!known.includes(chosen)) stop(`There is no subject ${chosen}. There are: ${known.join(', ')}.`);
  return samples.subjects.find(({ id }) => id === chosen);
}

/** @throws Error when there is no such folder of photos, or no such subject in it */
async function fromFolder() {
  const dataset = await readData(page, String(options.data));
  const chosen = chooseSubject(dataset, options.subject);
  if (chosen.train.length === 0) throw new Error(`There are no training pictures of ${chosen.name}.`);
  const bundled = bundledPool([]);
  const negatives = negativesOf(dataset);
  return {
    subject: chosen.name,
    data: {
      train: pictures(chosen.train),
      test: spread(pictures(chosen.test), wholeNumber(options, 'tests') ?? 12),
      others: othersOf(dataset, chosen, wholeNumber(options, 'others', 0) ?? 24),
      negatives: negatives.length ? negatives : bundled.negatives,
      backgrounds: bundled.backgrounds,
    },
  };
}

function fromSample(sample) {
  const named = ({ image, mask }) => ({
    name: image,
    image: `/samples/${image}`,
    ...(mask ? { mask: `/samples/${mask}`, maskName: mask } : {}),
  });
  return {
    subject: sample.id,
    className: sample.className,
    data: {
      train: sample.train.map(named),
      test: sample.test.filter(({ isSubject }) => isSubject).map(named),
      others: sample.test.filter(({ isSubject }) => !isSubject).map(named),
      ...bundledPool(sample.negatives),
    },
  };
}

function bundledPool(siblings) {
  const named = (image) => ({ name: image, image: `/samples/${image}` });
  return {
    negatives: [...siblings, ...samples.negatives].map(named),
    backgrounds: samples.backgrounds.map(named),
  };
}

function showProgress(event) {
  if (event.type === 'problem') console.log(`  ${event.message}`);
  else if (event.type === 'step' && event.total) {
    const { step, loss } = event.point;
    line(
      `generator: step ${step}/${event.total}  loss ${loss.toFixed(4)}  ${Math.round(event.secondsLeft)} s left`,
    );
  } else if (event.type === 'progress')
    line(`drawn ${event.made} of at most ${event.of}, ${event.kept} kept`);
  else if (event.type === 'step') {
    const { step, loss, rankingAccuracy } = event.point;
    line(
      `step ${step}/${settings.steps}  loss ${loss.toFixed(4)}  ranked rightly ${(100 * rankingAccuracy).toFixed(0)} %  ${event.imagesPerSecond.toFixed(1)} images/s  ${Math.round(event.secondsLeft)} s left`,
    );
  } else if (event.type === 'stage') line(`${event.stage} ${event.done}/${event.total}`);
}

function line(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${text}`);
  else if (!text.startsWith('views') && !text.startsWith('positives')) console.log(`  ${text}`);
}
