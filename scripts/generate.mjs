/**
 * `npm run generate -- --prompt TEXT --count N --out OUT` (or `--captions grammar`): images from the embedded generator in
 * headless Chromium, with a LoRA (`--lora FILE`) or with one trained first on a subject's photos (`--data DIR --subject NAME
 * --dreambooth STEPS`).
 * With photos, every image is scored as the page's filter does.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readArguments, wholeNumber } from './lib/arguments.mjs';
import { wantedBackend } from './lib/backend.mjs';
import { chooseSubject, DATA, othersOf, pictures, readData } from './lib/dataFolder.mjs';
import { addressOf } from './lib/folderFiles.mjs';
import { ensureBuild, ensureChromium, ensurePackages } from './lib/install.mjs';
import { readSettingsFile } from './lib/settingsFile.mjs';

const OPTIONS = [
  ...['data', 'subject', 'class', 'prompt', 'count', 'steps', 'cfg', 'seed', 'sampler', 'batch', 'negative'],
  ...['lora', 'dreambooth', 'preset', 'settings', 'untuned', 'captions', 'backend', 'out'],
];
const options = readArguments(OPTIONS);
const stop = (message) => {
  console.error(message);
  process.exit(2);
};
const backend = wantedBackend(options);
const out = resolve(String(options.out ?? 'out'));
const data = options.data ? String(options.data) : undefined;
if (data && !existsSync(data)) stop(`There is no folder ${data}.`);
if (options.lora && !existsSync(String(options.lora))) stop(`There is no file ${options.lora}.`);
if (options.lora && statSync(String(options.lora)).isDirectory())
  stop(`${options.lora} is a folder. Give the LoRA file itself, such as ${options.lora}/NAME.safetensors.`);
const dreambooth = wholeNumber(options, 'dreambooth');
if (dreambooth && !data) stop('--dreambooth needs photos: give --data DIR and --subject NAME.');
const cfg = Number(options.cfg ?? 4);
if (!(cfg >= 0 && cfg <= 15)) stop(`--cfg takes a number from 0 to 15, not ${options.cfg}.`);
const SAMPLERS = ['pndm', 'ddim', 'dpm++2m', 'dpm++2m-karras', 'euler'];
const sampler = String(options.sampler ?? 'dpm++2m');
if (!SAMPLERS.includes(sampler)) stop(`--sampler is ${SAMPLERS.join(', ')}, not ${sampler}.`);
const CAPTIONS = ['vanilla', 'scenes', 'grammar'];
const captions = options.captions === undefined ? null : String(options.captions);
if (captions && !CAPTIONS.includes(captions)) stop(`--captions is ${CAPTIONS.join(', ')}, not ${captions}.`);
if (captions && options.prompt) stop('Give --captions or --prompt, not both.');

ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
const { openHeadless } = await import('./lib/headless.mjs');

const extra = {};
if (data) extra[DATA] = resolve(data);
if (options.lora) extra['/lora/'] = dirname(resolve(String(options.lora)));
const { page, close } = await openHeadless(extra, { familiarProgress: showProgress });
const fail = async (error) => {
  await close();
  stop(error.message);
};
const found = data ? await fromFolder().catch(fail) : { train: [], others: [] };
const { subject } = found;
const classWord = String(options.class ?? (subject ? subject.replace(/[_\d]+/g, ' ').trim() : 'dog'));
const seed = wholeNumber(options, 'seed', 0) ?? 1;
const base = { preset: options.preset ?? 'embedded', seed, ...(dreambooth ? { steps: dreambooth } : {}) };
const settings = await readSettingsFile(page, 'readDreamBoothSettings', base, options.settings).catch(fail);
const tuned = dreambooth !== undefined || options.lora !== undefined;
const prompt = String(options.prompt ?? `a photo of ${tuned ? '<new1>' : 'a'} ${classWord}`);
const lora = options.lora
  ? {
      name: basename(String(options.lora)),
      url: addressOf('/lora/', basename(String(options.lora))),
    }
  : null;

console.log(
  `${subject ?? 'no subject'}: ${captions ? `captions of ${captions}` : `"${prompt}"`}${dreambooth ? `, DreamBooth of ${settings.steps} steps` : ''}`,
);
let result;
try {
  result = await page.evaluate((request) => globalThis.familiar.runGenerate(request), {
    backend,
    prompts: [prompt],
    captions: captions && { source: captions, classWord, untuned: !tuned },
    count: wholeNumber(options, 'count') ?? 4,
    seed,
    batch: wholeNumber(options, 'batch') ?? 4,
    sampling: {
      ...{ sampler, steps: wholeNumber(options, 'steps') ?? 20, guidance: cfg },
      negativePrompt: String(options.negative ?? ''),
    },
    train: found.train,
    others: found.others,
    dreambooth: dreambooth ? { settings, classWord } : null,
    lora,
    untuned: options.untuned === true,
    progress: 'familiarProgress',
  });
} catch (error) {
  console.error(`\nThe run failed: ${error.message.split('\n')[0]}`);
  process.exit(1);
} finally {
  await close();
}
const { files, ...report } = result;
const write = (name, content) => {
  mkdirSync(dirname(join(out, name)), { recursive: true });
  writeFileSync(join(out, name), content);
};
for (const { name, base64 } of files) write(name, Buffer.from(base64, 'base64'));
const about = {
  subject,
  classWord,
  ...(captions ? { captions } : { prompt }),
  ...(dreambooth ? { dreambooth: settings } : {}),
};
write('report.json', `${JSON.stringify({ ...about, ...report }, null, 2)}\n`);
summarize();
console.log(`\nWritten to ${out}`);

/** @throws Error when there is no such folder of photos, or no such subject in it */
async function fromFolder() {
  const dataset = await readData(page, data);
  const chosen = chooseSubject(dataset, options.subject);
  return { subject: chosen.name, train: pictures(chosen.train), others: othersOf(dataset, chosen, 6) };
}

function summarize() {
  const mean = (list) => {
    const scores = list.map(({ score }) => score).filter((score) => score !== null);
    return scores.length ? (scores.reduce((a, b) => a + b, 0) / scores.length).toFixed(3) : 'none';
  };
  console.log(`\n${report.images.length} images on ${report.device}`);
  for (const [stage, seconds] of Object.entries(report.seconds)) {
    console.log(`  ${stage.padEnd(12)} ${seconds.toFixed(1)} s`);
  }
  if (!report.scale) return;
  const kept = report.images.filter(({ accepted }) => accepted).length;
  console.log(`  score (this encoder's; the paper's filter is DreamSim): ${mean(report.images)}`);
  if (report.untuned.length) console.log(`  without the LoRA, same seeds: ${mean(report.untuned)}`);
  console.log(`  kept at ${report.scale.threshold.toFixed(3)}: ${kept} of ${report.images.length}`);
}

function showProgress(event) {
  if (event.type === 'problem') console.log(`  ${event.message}`);
  else if (event.type === 'stage') line(`${event.stage} ${event.done}/${event.total}`);
  else if (event.type === 'denoising') line(`${event.folder}: denoising ${event.step}/${event.steps}`);
  else if (event.type === 'progress') line(`${event.folder}: ${event.made}/${event.of}, ${event.kept} kept`);
  else if (event.type === 'step') {
    const { step, loss } = event.point;
    line(`step ${step}/${event.total}  loss ${loss.toFixed(4)}  ${Math.round(event.secondsLeft)} s left`);
  }
}

function line(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${text}`);
  else if (!/denoising|views/.test(text)) console.log(`  ${text}`);
}
