/**
 * `npm run bench`: kernels, encoder forwards, LoRA steps and hover maps, with onnxruntime-web and jax-js on the same
 * weights and images. Prints tables and writes a JSON file. On the processor it measures other things (`bench/cpu.mjs`): what the
 * app takes there from the button on, and how that compares with other engines on the same threads.
 *
 * --backend auto|cpu|webgpu   what computes; auto takes WebGPU with FAMILIAR_ADAPTER=gpu, else the processor
 * --out FILE      where the JSON goes; bench.json when left out
 * --only generator   with WebGPU: time only the generator
 * --only JOB,…    on the processor: only these jobs of `bench/jobs.mjs`
 * --onnx FILE     with WebGPU: an ONNX file of the embedded encoder to time in onnxruntime-web beside the one the bench writes itself
 * --python PATH   on the processor: a Python with torch and transformers to time beside us; also FAMILIAR_PYTHON
 */
import { existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { count, number, table } from './bench/table.mjs';
import { readArguments } from './lib/arguments.mjs';
import { wantedBackend } from './lib/backend.mjs';
import { ensureBuild, ensureChromium, ensurePackages, ROOT } from './lib/install.mjs';

const values = readArguments(['out', 'onnx', 'only', 'backend', 'python']);
const backend = wantedBackend(values);
const onCpu = backend === 'cpu' || (backend === 'auto' && process.env.FAMILIAR_ADAPTER !== 'gpu');
const foreign = onCpu ? 'onnx' : 'python';
if (values[foreign] !== undefined) {
  console.error(`--${foreign} goes with --backend ${onCpu ? 'webgpu' : 'cpu'}.`);
  process.exit(2);
}
const out = resolve(typeof values.out === 'string' ? values.out : 'bench.json');
const onnx = typeof values.onnx === 'string' ? resolve(values.onnx) : undefined;
if (onnx && !existsSync(onnx)) {
  console.error(`There is no file ${onnx}.`);
  process.exit(2);
}
ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
if (onCpu) {
  const { benchCpu } = await import('./bench/cpu.mjs');
  process.exit(await benchCpu({ out, only: values.only, python: values.python }));
}
const { openHeadless } = await import('./lib/headless.mjs');

const started = Date.now();
let latest;
const { page, url, close } = await openHeadless(
  {
    '/ort/': join(ROOT, 'node_modules/onnxruntime-web/dist'),
    '/jax/': join(ROOT, 'node_modules/@jax-js/jax/dist'),
    ...(onnx ? { '/onnx/': dirname(onnx) } : {}),
  },
  {
    benchProgress: (report, next) => {
      latest = report;
      // A run that is cut short leaves what it has measured.
      writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
      console.error(`${elapsed()}  ${next}`);
    },
  },
);
const chromium = page.context().browser().version();
let failure;
try {
  latest = await page.evaluate((request) => globalThis.familiar.runBench(request), {
    ...{ backend, progress: 'benchProgress' },
    onlyGenerator: values.only === 'generator',
    ...(onnx ? { onnx: `${url}onnx/${encodeURIComponent(basename(onnx))}` } : {}),
  });
} catch (error) {
  failure = error;
}
await close();
if (!latest) throw failure;

const report = { ...latest, chromium, seconds: Math.round((Date.now() - started) / 1000) };
const bars = judge(report);
console.log(`\nDevice:   ${report.device} (backend ${report.backend})`);
for (const note of report.notes) console.log(note);
console.log(`Chromium: ${chromium}`);
if (report.matmul.length) printMatmul(report.matmul);
if (report.attention.length) printAttention(report.attention);
printEncoders('Forward pass', 'forward');
printEncoders('Training step: LoRA r 16 on q, k, v of all layers, InfoNCE, Adam', 'step');
if (report.hover.length) printHover(report.hover);
printGenerator(report.generator);
printKernels(report.kernels);
console.log('\nBars');
if (report.onCpu) console.log('  not a GPU: bars not judged');
for (const { name, value, pass } of bars) {
  const verdict = pass === null ? 'not judged' : pass ? 'pass' : 'FAIL';
  console.log(`  ${verdict.padEnd(10)}  ${name}: ${value}`);
}
writeFileSync(out, `${JSON.stringify({ ...report, bars }, null, 2)}\n`);
console.log(`\n${report.seconds} s. Written to ${out}`);
if (failure) throw failure;

/** Seconds since the start, for progress lines. */
function elapsed() {
  return `${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s`;
}

/** Rows of one case: the same kind, encoder, depth and batch. */
function cases(kind) {
  const groups = new Map();
  for (const row of report.encoders.filter((candidate) => candidate.kind === kind)) {
    const key = `${row.encoder}, ${count(row.layers, 'layer')}, ${row.side} px, ${count(row.images, 'image')}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** Best rate seen in this run, GFLOP/s. */
function bestRate() {
  return Math.max(0, ...[...report.matmul, ...report.generator].map(({ gflops }) => gflops ?? 0));
}

/** Milliseconds of another engine over ours; above 1 we are faster. */
function ratio(row, ours) {
  return row.bestMs / ours.bestMs;
}

/** Whether another engine's numbers are not ours (or not numbers). */
function differs(row) {
  return row.error !== undefined && !(row.error <= report.mostError);
}

/** The bars of the project, on a GPU; none on the processor. `pass` is null where there is nothing to judge. */
function judge({ onCpu, matmul, hover, encoders, generator }) {
  if (onCpu) return [];
  const result = [];
  const bar = (name, value, pass) => result.push({ name, value, pass });
  const same = (a, b, ...keys) => keys.every((key) => a[key] === b[key]);
  for (const row of encoders.filter(({ engine }) => engine !== 'familiar')) {
    const again = (other) => same(other, row, 'kind', 'encoder', 'engine') && other.images < row.images;
    if (encoders.some(again)) continue; // That engine could not do it, and all were given a smaller batch.
    const ours = encoders.find(
      (other) => other.engine === 'familiar' && same(other, row, 'kind', 'encoder', 'layers', 'images'),
    );
    const [name, least] =
      row.kind === 'step'
        ? [`step of ${row.encoder} at least 3 times as fast as ${row.engine}`, 3]
        : [`forward of ${row.encoder} not slower than ${row.engine}`, 1];
    const times = row.skipped ? undefined : ratio(row, ours);
    if (row.skipped) bar(name, row.skipped, null);
    else if (differs(row)) bar(name, 'its numbers differ, so there is nothing to compare', null);
    else bar(name, `${times.toFixed(2)} times, ${row.images} images`, times >= least);
  }
  const evaluation = generator.find(({ kind, images }) => kind === 'evaluation' && images === 8);
  if (evaluation)
    bar(
      'UNet at batch 8 faster than the 15.7 ms of PyTorch on an H100',
      `${number(evaluation.bestMs)} ms`,
      evaluation.bestMs < 15.7,
    );
  const picture = generator.find(({ kind }) => kind === 'picture');
  if (picture)
    bar('a picture of 20 steps under 1 s', `${number(picture.medianMs)} ms`, picture.medianMs < 1000);
  if (!matmul.length) return result;
  const large = matmul.filter(({ name }) => /forward|input gradient/.test(name));
  const worst = large.reduce((least, row) => (row.share < least.share ? row : least), large[0]);
  bar(
    'matrix products of a layer at 50 % of the best f32 rate seen or more',
    `${(100 * worst.share).toFixed(0)} % (${worst.name})`,
    worst.share >= 0.5,
  );
  for (const row of hover)
    bar(`hover maps of ${row.encoder} within 16 ms`, `${row.medianMs.toFixed(1)} ms`, row.medianMs <= 16);
  return result;
}

function printMatmul(rows) {
  table(
    'Matrix products',
    ['', 'm', 'n', 'k', 'ms', 'GFLOP/s', 'of best', ''],
    rows.map(({ name, m, n, k, ms, gflops, share }) => [
      name,
      m,
      n,
      k,
      number(ms),
      number(gflops),
      `${(100 * share).toFixed(0)} %`,
      '',
    ]),
  );
}

function printAttention(rows) {
  table(
    'Attention',
    ['', 'images', 'tokens', 'heads', 'ms', 'GFLOP/s', ''],
    rows.map(({ name, shape, ms, gflops }) => [
      name,
      shape.batch,
      shape.tokens,
      shape.heads,
      number(ms),
      number(gflops),
      '',
    ]),
  );
}

function printEncoders(title, kind) {
  const head = ['', 'best ms', 'median', 'runs', 'over ours', 'error', ''];
  for (const [name, rows] of cases(kind)) {
    const ours = rows.find(({ engine }) => engine === 'familiar');
    table(
      `${title}: ${name}`,
      head,
      rows.map((row) =>
        row.skipped
          ? [row.engine, '', '', '', '', '', row.skipped]
          : [
              row.engine,
              number(row.bestMs),
              number(row.medianMs),
              row.runs,
              row === ours ? '' : `${number(ratio(row, ours))}×`,
              row.error === undefined ? '' : `${row.error.toExponential(1)}${differs(row) ? ' differs' : ''}`,
              row.note ?? '',
            ],
      ),
    );
  }
}

function printHover(rows) {
  table(
    'Hover map: one patch against every patch of 8 photos, read back',
    ['', 'patches', 'best ms', 'median', 'runs', ''],
    rows.map(({ encoder, photos, patches, bestMs, medianMs, runs }) => [
      encoder,
      `${photos} × ${patches}`,
      number(bestMs),
      number(medianMs),
      runs,
      '',
    ]),
  );
}

function printGenerator(rows) {
  const best = bestRate();
  table(
    'Generator',
    ['', 'images', 'latents', 'best ms', 'median', 'first', 'GFLOP/s', 'of best', ''],
    rows.map((row) => [
      `${row.kind}, ${row.model}`,
      row.images,
      `${row.latent}²`,
      ...(row.skipped ? ['', '', ''] : [number(row.bestMs), number(row.medianMs), number(row.firstMs)]),
      ...(row.gflops ? [number(row.gflops), `${((100 * row.gflops) / best).toFixed(0)} %`] : ['', '']),
      row.skipped ?? '',
    ]),
  );
}

function printKernels(rows) {
  if (!rows.length) return;
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  table(
    'Kernels of a DreamBooth step (each dispatch timed alone)',
    ['', 'dispatches', 'ms', 'share', 'GFLOP/s', ''],
    rows.map(({ name, dispatches, seconds, flops }) => [
      name,
      dispatches,
      number(1000 * seconds),
      `${((100 * seconds) / total).toFixed(0)} %`,
      flops ? number(flops / seconds / 1e9) : '',
      '',
    ]),
  );
}
