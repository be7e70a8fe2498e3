/**
 * `npm run evaluate -- --data DIR --out OUT`: train an adapter for every subject, recipe and seed (or take one), judge the
 * pretrained and the personalized encoder by the four tasks, write report.html, report.json and runs.csv. Cells that are done
 * are kept.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { wantedBackend } from './lib/backend.mjs';
import { CellFolder } from './lib/cellFolder.mjs';
import { encoderDigest, findEncoder } from './lib/encoderFolder.mjs';
import { adapterCells } from './lib/evaluate/adapters.mjs';
import { headline, line, printTable } from './lib/evaluate/console.mjs';
import { pictureDigest, source } from './lib/evaluate/dataset.mjs';
import { examplePictures } from './lib/evaluate/examples.mjs';
import { GeneratedPools } from './lib/evaluate/pools.mjs';
import { fromArguments, namedSubjects, readGivenSettings } from './lib/evaluate/settings.mjs';
import { claimFolder } from './lib/folderLock.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ROOT } from './lib/install.mjs';
import { pageMessage } from './lib/pageError.mjs';

const OPTIONS = [
  ...['data', 'out', 'settings', 'subjects', 'positives', 'preset', 'steps', 'seeds', 'encoder', 'adapter'],
  ...['images', 'dreambooth', 'photos', 'tests', 'part', 'size', 'per-image', 'title', 'no-dense', 'backend'],
];
const options = readArguments(OPTIONS);
const stop = (message) => {
  console.error(message);
  process.exit(2);
};
/** What `body` gives; what it throws ends the command. */
const attempt = (body) => {
  try {
    return body();
  } catch (error) {
    return stop(error.message);
  }
};
if (!options.data) stop('Give the folder of a data set: --data DIR.');
const backend = wantedBackend(options);
const data = resolve(String(options.data));
if (!existsSync(data) || !statSync(data).isDirectory()) stop(`There is no folder ${options.data}.`);
const out = resolve(String(options.out ?? 'out'));
const given = attempt(() => readGivenSettings(options));
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
const problems = [];
let current = '';
const started = Date.now();
const file = await inPage('read', { ...given, ...fromArguments(options, given) }).catch((error) =>
  stop(pageMessage(error)),
);
const opened = await inPage('open', source(data, encoder, file, backend)).catch(async (error) => {
  await close();
  stop(pageMessage(error));
});
for (const note of opened.dataset.notes) console.log(note);
opened.leftOut.forEach(tell);
if (file.subjects)
  file.subjects = namedSubjects(
    file.subjects,
    opened.subjects.map(({ name }) => name),
  );
const cells = new CellFolder(out, {
  encoder: [opened.encoder, encoderDigest(encoder, extra)],
  ...{ adapter: opened.device, tests: file.tests },
  data: [basename(data), pictureDigest(data)],
});
const runnable = new Map(opened.subjects.map((subject) => [subject.name, subject]));
for (const name of file.subjects ?? [])
  if (!runnable.has(name)) tell(`${name} is left out: it has no training or no test pictures.`);
const planned = adapters ? attempt(() => adapterCells(adapters, file, [...runnable.keys()])) : [];
// Adapters that are given are compared with recipes only where these are asked for.
const trains = !adapters || options.positives;
if (trains) planned.push(...(await inPage('plan', file, [...runnable.keys()])));
else tell('No recipe was trained beside the adapters; --positives real adds the row of real crops.');
for (const recipe of trains ? await inPage('withoutImages', file) : [])
  tell(`${recipe} is left out: it needs generated images; say how many with --images.`);
const todo = planned.filter((cell) => !skipped(cell));
console.log(
  `${opened.dataset.name}: ${opened.subjects.length} subjects, ${opened.pictures} test pictures, ${todo.length} runs, on ${opened.device}`,
);
let failed = 0;
let done = 0;
let pageWritten = 0;
const pools = new GeneratedPools(out, cells, inPage);
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
    tell(`${current} failed: ${pageMessage(error)}`);
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
  const folder = pools.folder(cell, depends);
  const given = cell.content ? { training: null, adapter: cell.content } : {};
  const key = { subject, recipe, seed, ...depends, ...given };
  if (cells.has(name, key)) return undefined;
  const generated = folder ? await pools.positives(cell, folder) : [];
  if (folder && generated.length === 0 && positives !== 'combined')
    throw new Error('the filter kept none of the generated images; try more images or learn longer');
  const negatives = settings.generation.negatives && !cell.adapter ? await pools.negatives(cell) : [];
  const result = await inPage('cell', { cell, generated, negatives, adapter: cell.adapter ?? null });
  const about = { point, positives, ...(folder ? { generated: generated.length } : {}) };
  return cells.write(name, key, { ...result, ...about });
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

async function writeReport() {
  const wanted = new Set(todo.map(({ subject }) => subject));
  const finished = cells.all().filter(({ subject }) => wanted.has(subject));
  const drawn = cells.pools([...pools.names]);
  const content = {
    ...{ title: String(options.title ?? `${opened.dataset.name}, ${opened.encoder} encoder`) },
    ...{ settings: file, dataset: opened.dataset.name, encoder: opened.encoder, device: opened.device },
    chromium: page.context().browser().version(),
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

async function writeHtml({ title, dataset, encoder: name, device, chromium, version, ...rest }) {
  const { settings, notes, missing, pools: drawn } = rest;
  const html = await inPage('report', {
    title,
    about: [
      `${dataset}: ${opened.subjects.length} subjects, ${opened.pictures} test pictures. Encoder: ${name}.`,
      `Familiar ${version}, Chromium ${chromium}, computed by ${device}.`,
    ],
    ...{ notes, missing, settings, pools: drawn, cells: rest.cells },
    examples: examplePictures(out, rest.table),
  });
  writeFileSync(join(out, 'report.html'), html);
  pageWritten = Date.now();
}

function timeLeft() {
  const minutes = ((Date.now() - started) / 60000 / done) * (todo.length - done);
  return done < todo.length ? `  about ${Math.ceil(minutes)} min left` : '';
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
