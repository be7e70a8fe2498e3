/**
 * `npm run evaluate -- --data DIR --out OUT`: train an adapter for every subject, recipe and seed (or take one), judge the
 * pretrained and the personalized encoder by the four tasks, write report.json and report.html. Cells that are done are kept.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { readArguments, wholeNumber } from './lib/arguments.mjs';
import { CellFolder } from './lib/cellFolder.mjs';
import { findEncoder } from './lib/encoderFolder.mjs';
import { claimFolder } from './lib/folderLock.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ROOT } from './lib/install.mjs';

const OPTIONS = [
  ...['data', 'out', 'settings', 'subjects', 'positives', 'preset', 'steps', 'seeds', 'encoder', 'adapter'],
  ...['images', 'dreambooth', 'photos', 'tests', 'part', 'size', 'per-image', 'title', 'no-dense'],
];
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
const extra = { '/data/': data, '/out/': out, ...(adapters ? { '/adapters/': adapters } : {}) };
const encoder = await findEncoder(options.encoder, extra).catch((error) => stop(error.message));
const { page, close } = await openHeadless(extra, { familiarProgress: showProgress });
const inPage = (name, argument) =>
  page.evaluate(([method, value]) => globalThis.familiar.evaluation[method](value), [name, argument]);
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
  ...{
    encoder: opened.encoder,
    adapter: opened.adapter,
    dense: file.dense,
    map: file.map,
    // Only where it is not as usual, so that cells of before there was the setting still count.
    ...(file.confidence === 'reference' ? { confidence: file.confidence } : {}),
    tests: file.tests,
  },
  data: basename(data),
});
const runnable = new Map(opened.subjects.map((subject) => [subject.name, subject]));
for (const name of file.subjects ?? [])
  if (!runnable.has(name)) problems.push(`${name} is left out: it has no training or no test pictures.`);
const planned = adapters
  ? adapterCells()
  : await page.evaluate(
      ([settings, names]) => globalThis.familiar.evaluation.plan(settings, names),
      [file, [...runnable.keys()]],
    );
const todo = planned.filter((cell) => !skipped(cell));
console.log(
  `${opened.dataset.name}: ${opened.subjects.length} subjects, ${opened.pictures} test pictures, ${todo.length} runs, on ${opened.adapter}`,
);
let failed = 0;
let done = 0;
/** Folders of generated images that this run's cells are taught from. */
const pools = new Set();
for (const cell of todo) {
  current = `${cell.subject}, ${cell.recipe}${cell.seed === null ? '' : `, seed ${cell.seed}`}`;
  try {
    await pretrained(cell);
    const fresh = await personalized(cell);
    done++;
    if (fresh) {
      writeReport();
      console.log(`${done}/${todo.length}  ${current}  ${headline(fresh)}${timeLeft()}`);
    }
  } catch (error) {
    failed++;
    problems.push(`${current} failed: ${message(error)}`);
    console.error(problems.at(-1));
  }
}
const report = writeReport();
await writeHtml(report);
await close();
printTable(report.table);
console.log(`\nWritten to ${out} (report.html, report.json)`);
process.exit(failed ? 1 : 0);

/** The pretrained encoder on the cell's subject, unless it is done. */
async function pretrained({ subject, file: settings }) {
  // Maps compare with the photos that are taught from, so other photos make another row.
  const { photos } = settings;
  const key = { subject, photos };
  const name = cells.name(subject, 'pretrained', photos);
  if (cells.has(name, key)) return;
  cells.write(name, key, { ...(await inPage('pretrained', { subject, file: settings })), photos, point: {} });
}

/** The cell itself; undefined when it was done before. */
async function personalized(cell) {
  const { subject, recipe, seed, point, file: settings } = cell;
  const name = await page.evaluate(
    ([a, b, c]) => globalThis.familiar.evaluation.cellName(a, b, c),
    [subject, recipe, seed],
  );
  const { preset, training, photos, generation } = settings;
  const drawn = usesGenerator(cell);
  const key = {
    subject,
    recipe,
    seed,
    preset,
    training,
    photos,
    ...(drawn || generation.negatives ? { generation: drawing(generation) } : {}),
    ...(cell.content ? { adapter: cell.content } : {}),
  };
  if (drawn) pools.add(poolName(cell));
  if (cells.has(name, key)) return undefined;
  const generated = drawn ? await pool(cell) : [];
  if (drawn && generated.length === 0 && cell.positives !== 'combined')
    throw new Error('the filter kept none of the generated images; try more images or learn longer');
  const negatives = generation.negatives && !cell.adapter ? await classNegatives(cell) : [];
  const result = await inPage('cell', { cell, generated, negatives, adapter: cell.adapter ?? null });
  return cells.write(name, key, { ...result, point });
}

/** What a cell's numbers depend on of how pictures are drawn; cells of before there were drawn negatives still count. */
function drawing({ negatives, ...positives }) {
  return negatives ? { negatives, ...positives } : positives;
}

/** Which DreamBooth a cell's images come from. A function, since cells run before this line is reached. */
function poolKind({ positives }) {
  return positives === 'dreambooth' ? 'dreambooth' : 'masked-dreambooth';
}

/** Folder of the images a cell's generator makes; the same for all seeds. */
function poolName(cell) {
  const { photos, generation, seeds } = cell.file;
  const { negatives: _, ...positives } = generation;
  const key = { subject: cell.subject, kind: poolKind(cell), photos, generation: positives, seed: seeds[0] };
  return `generated/${cell.subject}--${poolKind(cell)}--${CellFolder.digest(key)}`;
}

/** Addresses of kept generated images for a subject; drawn once for all seeds. */
async function pool(cell) {
  const { subject, file: settings } = cell;
  const kind = poolKind(cell);
  const name = poolName(cell);
  if (!existsSync(join(out, name, 'pool.json'))) {
    const { files, ...about } = await inPage('generate', { subject, recipe: kind, file: settings });
    cells.files(files.map((picture) => ({ ...picture, name: `${name}/${picture.name}` })));
    writeFileSync(join(out, name, 'pool.json'), JSON.stringify({ subject, recipe: kind, ...about }, null, 2));
    console.log(`  ${subject}: kept ${about.kept} of ${about.made} generated images`);
  }
  const folder = join(out, name, 'positives');
  return readdirSync(folder)
    .filter((picture) => picture.startsWith('kept-'))
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

/** Whether a subject lacks what a recipe needs; said once. */
function skipped({ subject, positives }) {
  const masks = runnable.get(subject)?.masks;
  if (masks || !['cutpaste', 'masked-dreambooth', 'combined'].includes(positives)) return false;
  const text = `${subject}: no ${positives}, which needs training masks.`;
  if (!problems.includes(text)) problems.push(text);
  return true;
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
    return { subject, recipe, positives: 'real', point: {}, seed: null, file, adapter, content };
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

function writeReport() {
  const wanted = new Set(todo.map(({ subject }) => subject));
  const finished = cells.all().filter(({ subject }) => wanted.has(subject));
  const drawn = cells.pools([...pools]);
  const content = {
    ...{ title: String(options.title ?? `${opened.dataset.name}, ${opened.encoder} encoder`) },
    ...{ settings: file, dataset: opened.dataset.name, encoder: opened.encoder, adapter: opened.adapter },
    ...{ software: opened.software, chromium: page.context().browser().version() },
    version: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    notes: [...opened.dataset.notes, ...problems],
    missing: todo.length - finished.filter(({ recipe }) => recipe !== 'pretrained').length,
    pools: drawn,
    cells: finished.map(({ records, files: _, ...cell }) =>
      options['per-image'] ? { ...cell, records } : cell,
    ),
  };
  writeFileSync(join(out, 'report.json'), `${JSON.stringify(content, null, 2)}\n`);
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
}

/** Examples of the first seed of every subject and recipe, with their pictures. */
function examplePictures(finished) {
  const first = new Map();
  for (const cell of finished) {
    const name = `${cell.subject} ${cell.recipe}`;
    if (cell.examples.length && (first.get(name)?.seed ?? Number.POSITIVE_INFINITY) > cell.seed)
      first.set(name, cell);
  }
  return [...first.values()].flatMap(({ subject, recipe, examples }) =>
    examples.map(({ file: picture, ...about }) => ({
      ...{ subject, recipe, ...about },
      source: `data:image/png;base64,${readFileSync(join(out, picture)).toString('base64')}`,
    })),
  );
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
  const recipes = [...new Set(finished.map(({ recipe }) => recipe))].sort(
    (a, b) => Number(b === 'pretrained') - Number(a === 'pretrained'),
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

function showProgress(event) {
  if (event.type === 'problem') {
    if (!problems.includes(event.message)) {
      problems.push(event.message);
      console.log(`  ${event.message}`);
    }
  } else if (!process.stdout.isTTY) return;
  else if (event.type === 'stage') line(`${current}: ${event.stage} ${event.done}/${event.total}`);
  else if (event.type === 'step')
    line(`${current}: step ${event.point.step}/${event.total}, ${Math.round(event.secondsLeft)} s left`);
  else if (event.type === 'progress')
    line(`${current}: drawn ${event.made} of ${event.of}, ${event.kept} kept`);
}

function line(text) {
  process.stdout.write(`\r\x1b[K  ${text}`);
}
