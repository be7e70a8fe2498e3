/**
 * `npm run evaluate -- --data DIR --out OUT`: train an adapter for every subject, recipe and seed (or take one), judge the
 * pretrained and the personalized encoder by the four tasks, write report.html, report.json and runs.csv. Cells that are done
 * are kept.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { readArguments, wholeNumber } from './lib/arguments.mjs';
import { CellFolder } from './lib/cellFolder.mjs';
import { encoderDigest, findEncoder } from './lib/encoderFolder.mjs';
import { claimFolder } from './lib/folderLock.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ROOT } from './lib/install.mjs';

const OPTIONS = [
  ...['data', 'out', 'settings', 'subjects', 'positives', 'preset', 'steps', 'seeds', 'encoder', 'adapter'],
  ...['images', 'dreambooth', 'photos', 'tests', 'part', 'size', 'per-image', 'title', 'no-dense'],
];
/** Most examples in a report, which holds their pictures. Up here, because cells run before a line below is reached. */
const MOST_EXAMPLES = 80;
const options = readArguments(OPTIONS);
const stop = (message) => {
  console.error(message);
  process.exit(2);
};
if (!options.data) stop('Give the folder of a data set: --data DIR.');
const data = resolve(String(options.data));
if (!existsSync(data) || !statSync(data).isDirectory()) stop(`There is no folder ${options.data}.`);
const out = resolve(String(options.out ?? 'out'));
const given = readSettingsFile();
const adapters = options.adapter ? resolve(String(options.adapter)) : undefined;
if (adapters && !existsSync(adapters)) stop(`There is no folder ${options.adapter}.`);

ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
const { openHeadless } = await import('./lib/headless.mjs');

mkdirSync(out, { recursive: true });
const other = claimFolder(out);
if (other)
  stop(`Another evaluation (process ${other}) writes to ${out}. Wait for it, or choose another --out.`);
process.on('SIGINT', () => {
  console.log(`\nStopped. What is finished is kept in ${out}; the same command goes on from there.`);
  process.exit(130);
});
const extra = { '/data/': data, '/out/': out, ...(adapters ? { '/adapters/': adapters } : {}) };
const encoder = await findEncoder(options.encoder, extra).catch((error) => stop(error.message));
const { page, close } = await openHeadless(extra, { familiarProgress: showProgress });
const inPage = (name, ...given) =>
  page.evaluate(([method, values]) => globalThis.familiar.evaluation[method](...values), [name, given]);
const message = (error) => error.message.replace(/^page\.evaluate: /, '').split('\n')[0];
const problems = [];
let current = '';
const started = Date.now();
const file = await inPage('read', { ...given, ...fromArguments(given) }).catch((error) =>
  stop(message(error)),
);
const opened = await inPage('open', source()).catch(async (error) => {
  await close();
  stop(message(error));
});
for (const note of opened.dataset.notes) console.log(note);
const cells = new CellFolder(out, {
  encoder: [opened.encoder, encoderDigest(encoder, extra)],
  ...{ adapter: opened.adapter, tests: file.tests },
  data: [basename(data), pictureDigest()],
});
const runnable = new Map(opened.subjects.map((subject) => [subject.name, subject]));
for (const name of file.subjects ?? [])
  if (!runnable.has(name)) tell(`${name} is left out: it has no training or no test pictures.`);
const planned = adapters ? adapterCells() : [];
// Adapters that are given are compared with recipes only where these are asked for.
const trains = !adapters || options.positives;
if (trains) planned.push(...(await inPage('plan', file, [...runnable.keys()])));
else tell('No recipe was trained beside the adapters; --positives real adds the row of real crops.');
for (const recipe of trains ? await inPage('withoutImages', file) : [])
  tell(`${recipe} is left out: it needs generated images; say how many with --images.`);
const todo = planned.filter((cell) => !skipped(cell));
console.log(
  `${opened.dataset.name}: ${opened.subjects.length} subjects, ${opened.pictures} test pictures, ${todo.length} runs, on ${opened.adapter}`,
);
let failed = 0;
let done = 0;
let pageWritten = 0;
/** Folders of generated images that this run's cells are taught from. */
const pools = new Set();
for (const cell of todo) {
  current = `${cell.subject}, ${cell.recipe}${cell.seed === null ? '' : `, seed ${cell.seed}`}`;
  try {
    const depends = await inPage('dependsOn', cell);
    await pretrained(cell, depends.baseline);
    const fresh = await personalized(cell, depends.cell);
    done++;
    if (fresh) {
      const soFar = await writeReport();
      // Whoever looks in, or stops the run, finds the page; with many pictures it is too large to write every time.
      if (Date.now() - pageWritten > 60_000) await writeHtml(soFar);
      console.log(`${done}/${todo.length}  ${current}  ${headline(fresh)}${timeLeft()}`);
    }
  } catch (error) {
    failed++;
    tell(`${current} failed: ${message(error)}`);
  }
}
const report = await writeReport();
await writeHtml(report);
await close();
printTable(report.table);
console.log(`\nWritten to ${out} (report.html, report.json, runs.csv)`);
process.exit(failed ? 1 : 0);

/** The pretrained row that a cell is compared with, unless it is done. */
async function pretrained(cell, depends) {
  const { subject, baseline } = cell;
  const key = { subject, recipe: baseline.recipe, ...depends };
  const name = await inPage('cellName', subject, baseline.recipe, null);
  if (cells.has(name, key)) return;
  cells.write(name, key, { ...(await inPage('pretrained', cell)), point: baseline.point });
}

/** The cell itself; undefined when it was done before. */
async function personalized(cell, depends) {
  const { subject, recipe, seed, point, positives, file: settings } = cell;
  const name = await inPage('cellName', subject, recipe, seed);
  const drawn = usesGenerator(cell);
  const folder = drawn ? poolName(cell, depends) : undefined;
  if (folder) pools.add(folder);
  const given = cell.content ? { training: null, adapter: cell.content } : {};
  const key = { subject, recipe, seed, ...depends, ...given };
  if (cells.has(name, key)) return undefined;
  const generated = folder ? await pool(cell, folder) : [];
  if (folder && generated.length === 0 && positives !== 'combined')
    throw new Error('the filter kept none of the generated images; try more images or learn longer');
  const negatives = settings.generation.negatives && !cell.adapter ? await classNegatives(cell) : [];
  const result = await inPage('cell', { cell, generated, negatives, adapter: cell.adapter ?? null });
  const about = { point, positives, ...(folder ? { generated: generated.length } : {}) };
  return cells.write(name, key, { ...result, ...about });
}

/** Which DreamBooth a cell's images come from. A function, since cells run before this line is reached. */
function poolKind({ positives }) {
  return positives === 'dreambooth' ? 'dreambooth' : 'masked-dreambooth';
}

/**
 * Most images that the sweep asks of a generator: drawn once, and each point takes the first of them. What was asked for at
 * this point where the sweep does not vary it.
 */
function poolImages({ file: { generation, sweep } }) {
  return Math.max(generation.images, ...(sweep['generation.images'] ?? []));
}

/** Folder of the images a cell's generator makes; the same for all seeds. */
function poolName(cell, { photos, generation }) {
  const key = { subject: cell.subject, photos, ...generation, images: poolImages(cell) };
  return `generated/${cell.subject}--${poolKind(cell)}--${CellFolder.digest(key)}`;
}

/** Addresses of kept generated images for a subject; drawn once for all seeds. */
async function pool(cell, name) {
  const { subject, file: settings } = cell;
  const kind = poolKind(cell);
  if (!existsSync(join(out, name, 'pool.json'))) {
    const images = poolImages(cell);
    const asked = { ...settings, generation: { ...settings.generation, images } };
    const { files, ...about } = await inPage('generate', { subject, recipe: kind, file: asked });
    cells.files(files.map((picture) => ({ ...picture, name: `${name}/${picture.name}` })));
    writeFileSync(join(out, name, 'pool.json'), JSON.stringify({ subject, recipe: kind, ...about }, null, 2));
    console.log(`  ${subject}: kept ${about.kept} of ${about.made} generated images`);
  }
  return readdirSync(join(out, name, 'positives'))
    .filter((picture) => picture.startsWith('kept-'))
    .sort()
    .slice(0, settings.generation.images)
    .map((picture) => `/out/${name}/positives/${encodeURIComponent(picture)}`);
}

/** Addresses of generated negatives; drawn once for all subjects of a class. */
async function classNegatives({ subject, file: settings }) {
  const word = await inPage('classWord', { subject, file: settings });
  const { negatives: count, steps, guidance, sampler } = settings.generation;
  const digest = CellFolder.digest({ word, count, steps, guidance, sampler });
  const name = `generated/others--${word.replaceAll(/\W+/g, '_')}--${digest}`;
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(4, '0')}.png`);
  if (!names.every((picture) => existsSync(join(out, name, picture)))) {
    const files = await inPage('negatives', { subject, file: settings });
    cells.files(files.map((picture) => ({ ...picture, name: `${name}/${picture.name}` })));
    console.log(`  drew ${count} pictures of "a photo of a ${word}" as negatives`);
  }
  return names.map((picture) => `/out/${name}/${picture}`);
}

function usesGenerator({ positives, file: settings }) {
  return positives.includes('dreambooth') || (positives === 'combined' && settings.generation.images > 0);
}

/** Whether a subject lacks what a cell needs; said once. */
function skipped({ subject, positives, file: { photos }, adapter }) {
  const { masks, train } = runnable.get(subject);
  const lacks = [];
  if (photos > train) lacks.push(`${subject}: no run with ${photos} photos, there are ${train}.`);
  if (!masks && !adapter && ['cutpaste', 'masked-dreambooth', 'combined'].includes(positives))
    lacks.push(`${subject}: no ${positives}, which needs training masks.`);
  lacks.forEach(tell);
  return lacks.length > 0;
}

/** One cell a subject that has an adapter: `--adapter` is its folder, or holds one folder a subject. */
function adapterCells() {
  const holds = (folder) => existsSync(join(folder, 'adapter_config.json'));
  const one = holds(adapters);
  const names = (file.subjects ?? [...runnable.keys()]).filter((name) => runnable.has(name));
  if (one && names.length !== 1) stop('One adapter is of one subject: name it with --subjects.');
  const found = names.filter((name) => one || holds(join(adapters, name)));
  if (found.length === 0)
    stop(`There is no adapter_config.json in ${options.adapter}, nor in a folder named like a subject.`);
  return found.map((subject) => {
    const base = `/adapters/${one ? '' : `${encodeURIComponent(subject)}/`}`;
    const adapter = { weights: `${base}adapter_model.safetensors`, config: `${base}adapter_config.json` };
    const recipe = `adapter ${basename(adapters)}`;
    const folder = one ? adapters : join(adapters, subject);
    const bytes = ['adapter_model.safetensors', 'adapter_config.json'].map((part) =>
      readFileSync(join(folder, part)),
    );
    const content = CellFolder.digest(bytes.map((part) => part.toString('base64')));
    const baseline = { recipe: 'pretrained', point: {} };
    return { subject, recipe, baseline, positives: 'given', point: {}, seed: null, file, adapter, content };
  });
}

function readSettingsFile() {
  if (!options.settings) return {};
  const path = String(options.settings);
  if (!existsSync(path)) stop(`There is no file ${path}.`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return stop(`${path} is not JSON: ${error.message}`);
  }
}

/** Settings given as arguments; they win over the file. */
function fromArguments(base) {
  const list = (name) => String(options[name]).split(',').filter(Boolean);
  const steps = wholeNumber(options, 'steps');
  const images = wholeNumber(options, 'images', 0);
  const dreambooth = wholeNumber(options, 'dreambooth');
  const { generation = {}, training = {}, map = {} } = base;
  return {
    ...(options.preset ? { preset: String(options.preset) } : {}),
    ...(options.positives ? { positives: list('positives') } : {}),
    ...(options.subjects ? { subjects: list('subjects') } : {}),
    ...(options.seeds ? { seeds: list('seeds').map(Number) } : {}),
    ...(options.part ? { part: String(options.part) } : {}),
    ...(options['no-dense'] ? { dense: false } : {}),
    ...(options.photos ? { photos: wholeNumber(options, 'photos') } : {}),
    ...(options.tests ? { tests: wholeNumber(options, 'tests') } : {}),
    ...(options.size ? { map: { ...map, size: wholeNumber(options, 'size', 14) } } : {}),
    ...(steps ? { training: { ...training, steps } } : {}),
    ...(images !== undefined || dreambooth
      ? {
          generation: {
            ...generation,
            ...(images === undefined ? {} : { images }),
            ...(dreambooth ? { dreambooth: { ...generation.dreambooth, steps: dreambooth } } : {}),
          },
        }
      : {}),
  };
}

function source() {
  const paths = listFiles(data);
  const json = {};
  for (const path of paths.filter((name) => name.endsWith('.json') && !name.includes('/')))
    json[path] = readFileSync(join(data, path), 'utf8');
  const samples = JSON.parse(readFileSync(join(ROOT, 'public', 'samples', 'index.json'), 'utf8'));
  const at = (image) => `/samples/${image}`;
  return {
    ...{ encoder, paths, json, name: basename(data), base: '/data/', progress: 'familiarProgress' },
    bundled: { negatives: samples.negatives.map(at), backgrounds: samples.backgrounds.map(at) },
    ...{ part: file.part, tests: file.tests },
  };
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Digest of what pictures there are: other pictures or masks under the same name are another data set. */
function pictureDigest() {
  const files = listFiles(data).filter((path) => /\.(jpe?g|png|webp|avif|heic|heif|json)$/i.test(path));
  return CellFolder.digest(files.sort().map((path) => [path, statSync(join(data, path)).size]));
}

async function writeReport() {
  const wanted = new Set(todo.map(({ subject }) => subject));
  const finished = cells.all().filter(({ subject }) => wanted.has(subject));
  const drawn = cells.pools([...pools]);
  const content = {
    ...{ title: String(options.title ?? `${opened.dataset.name}, ${opened.encoder} encoder`) },
    ...{ settings: file, dataset: opened.dataset.name, encoder: opened.encoder, adapter: opened.adapter },
    ...{ software: opened.software, chromium: page.context().browser().version() },
    version: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    notes: [...opened.dataset.notes, ...problems],
    missing: todo.length - finished.filter(({ positives }) => positives).length,
    pools: drawn,
    cells: finished.map(({ records, files: _, ...cell }) =>
      options['per-image'] ? { ...cell, records } : cell,
    ),
  };
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(content, null, 2)}\n`);
  const runs = finished.map(({ records: _, files: __, examples: ___, ...run }) => run);
  writeFileSync(join(out, 'runs.csv'), await inPage('runsCsv', runs));
  return { ...content, table: finished };
}

async function writeHtml({ title, dataset, encoder: name, adapter, software, chromium, version, ...rest }) {
  const { settings, notes, missing, pools: drawn } = rest;
  const html = await inPage('report', {
    title,
    about: [
      `${dataset}: ${opened.subjects.length} subjects, ${opened.pictures} test pictures. Encoder: ${name}.`,
      `Familiar ${version}, Chromium ${chromium}, adapter ${adapter}${software ? ' (software, not a GPU)' : ''}.`,
    ],
    ...{ notes, missing, settings, pools: drawn, cells: rest.cells, examples: examplePictures(rest.table) },
  });
  writeFileSync(join(out, 'report.html'), html);
  pageWritten = Date.now();
}

/** Examples of the first seed of every subject and recipe, with their pictures; of many those that changed most. */
function examplePictures(finished) {
  const first = new Map();
  for (const cell of finished) {
    const name = `${cell.subject} ${cell.recipe}`;
    if (cell.examples.length && (first.get(name)?.seed ?? Number.POSITIVE_INFINITY) > cell.seed)
      first.set(name, cell);
  }
  const all = [...first.values()].flatMap(({ subject, recipe, examples }) =>
    examples.map((example) => ({ subject, recipe, ...example })),
  );
  const change = ({ pretrained: before, personalized: after }) => Math.abs(after - before);
  const shown = new Set([...all].sort((a, b) => change(b) - change(a)).slice(0, MOST_EXAMPLES));
  return all
    .filter((example) => shown.has(example))
    .map(({ file: picture, ...about }) => ({
      ...about,
      source: `data:image/jpeg;base64,${readFileSync(join(out, picture)).toString('base64')}`,
    }));
}

function headline({ scores: { overall } }) {
  const parts = [
    ['PR-AUC', overall.classification?.prAuc],
    ['NDCG', overall.retrieval?.ndcg],
    ['box mAP', overall.detection?.map],
    ['mask mAP', overall.segmentation?.map],
    ['patch AP', overall.patchAp],
  ];
  return parts
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');
}

function timeLeft() {
  const minutes = ((Date.now() - started) / 60000 / done) * (todo.length - done);
  return done < todo.length ? `  about ${Math.ceil(minutes)} min left` : '';
}

function printTable(finished) {
  const last = (recipe) => finished.some((cell) => cell.recipe === recipe && cell.positives);
  const recipes = [...new Set(finished.map(({ recipe }) => recipe))].sort(
    (a, b) => Number(last(a)) - Number(last(b)),
  );
  const mean = (values) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : undefined);
  console.log('\nMeans over runs; report.html has them by subject and shift, with paired differences');
  for (const recipe of recipes) {
    const own = finished.filter((cell) => cell.recipe === recipe).map(({ scores: { overall } }) => overall);
    const at = (of) => mean(own.map(of).filter((value) => value != null));
    const overall = {
      classification: { prAuc: at((scores) => scores.classification?.prAuc) },
      retrieval: { ndcg: at((scores) => scores.retrieval?.ndcg) },
      detection: { map: at((scores) => scores.detection?.map) },
      segmentation: { map: at((scores) => scores.segmentation?.map) },
      patchAp: at((scores) => scores.patchAp),
    };
    console.log(
      `  ${recipe.padEnd(28)} ${String(own.length).padStart(3)} runs  ${headline({ scores: { overall } })}`,
    );
  }
}

/** Say what is wrong or missing, once; the report repeats it. */
function tell(problem) {
  if (problems.includes(problem)) return;
  problems.push(problem);
  console.log(`  ${problem}`);
}

function showProgress(event) {
  if (event.type === 'problem') tell(event.message);
  else if (!process.stdout.isTTY) return;
  else if (event.type === 'stage') line(`${current}: ${event.stage} ${event.done}/${event.total}`);
  else if (event.type === 'step')
    line(`${current}: step ${event.point.step}/${event.total}, ${Math.round(event.secondsLeft)} s left`);
  else if (event.type === 'progress')
    line(`${current}: drawn ${event.made} of ${event.of}, ${event.kept} kept`);
}

function line(text) {
  process.stdout.write(`\r\x1b[K  ${text}`);
}
