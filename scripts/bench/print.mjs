/** Tables of the bench on the processor; each takes the results of one job, one per call that went well. */
import { MOST_ERROR } from './bars.mjs';
import { count, mebibytes, number, percent, table } from './table.mjs';

/**
 * Print all that was measured.
 * @param {Record<string, any[]>} results by name of the job
 * @param {any} pytorch what was timed in Python, if anything
 */
export function printResults(results, pytorch) {
  const peaks = Object.fromEntries(
    (results.products ?? []).map(({ threads, peakGflops }) => [threads, peakGflops]),
  );
  for (const [name, print] of Object.entries(PRINTERS)) {
    for (const result of results[name] ?? []) print(result, peaks);
  }
  if (pytorch) printPytorch(pytorch);
}

const PRINTERS = {
  products: printProducts,
  encoder: printEncoder,
  loraStep: printLoraStep,
  balancedStep: printBalancedStep,
  teach: ({ preset, ...run }) =>
    printSeconds(
      `${preset}, sample dog, ${count(run.steps, 'step')}: seconds from the button to the adapter`,
      run,
    ),
  firstMap: (map) => printSeconds('First map of the sample dog: seconds from the click', map),
  generator: printGenerator,
  batches: printBatches,
  microBatches: printMicroBatches,
  attentionGrowth: printAttentionGrowth,
};

function printProducts({ threads, peakGflops, rows }) {
  table(
    `Matrix products, ${count(threads, 'thread')}; multiply-adds of 128 bits alone: ${number(peakGflops)} GFLOP/s`,
    ['', 'm', 'n', 'k', 'ms', 'GFLOP/s', 'of peak', ''],
    rows.map(({ name, m, n, k, bestMs, gflops }) => [
      ...[name, m, n, k, number(bestMs), number(gflops), percent(gflops / peakGflops), ''],
    ]),
  );
}

function printEncoder({ threads, rows, kernels }, peaks) {
  printEngines(`Embedded encoder, forward, ${count(threads, 'thread')}`, rows, ({ images }) =>
    count(images, 'image'),
  );
  printKernels('Kernels of a forward pass of one image', kernels, peaks[threads]);
}

function printLoraStep(rows) {
  printEngines('LoRA step of 6 images: rank 16 on q, k, v of all layers, InfoNCE, Adam', rows, ({ layers }) =>
    count(layers, 'layer'),
  );
}

/** Rows of several engines; those of ours with the same label are what the others are compared with. */
function printEngines(title, rows, label) {
  const ours = (row) => rows.find((other) => other.engine === 'familiar' && label(other) === label(row));
  table(
    title,
    ['', '', 'best ms', 'median', 'first', 'over ours', 'error', ''],
    rows.map((row) => {
      if (row.skipped) return [row.engine, label(row), '', '', '', '', '', row.skipped];
      const { engine, bestMs, medianMs, firstMs, error } = row;
      const times = engine === 'familiar' ? '' : `${number(bestMs / ours(row).bestMs)}×`;
      const differs = error > MOST_ERROR ? 'differs' : '';
      const told = error === undefined ? '' : error.toExponential(1);
      return [engine, label(row), number(bestMs), number(medianMs), number(firstMs), times, told, differs];
    }),
  );
}

function printBalancedStep({ images, threads, bestMs, medianMs, runs, peakBytes, kernels }, peaks) {
  table(
    `Balanced step of ${images} images: last four layers from the cached prefix, patch term`,
    ['', 'best ms', 'median', 'runs', 'memory', ''],
    [[count(threads, 'thread'), number(bestMs), number(medianMs), runs, mebibytes(peakBytes), '']],
  );
  printKernels('Kernels of a Balanced step', kernels, peaks[threads]);
}

function printSeconds(title, { seconds, stages }) {
  table(
    title,
    ['', ...Object.keys(stages), ''],
    [[number(seconds), ...Object.values(stages).map((value) => number(value)), '']],
  );
}

function printGenerator({ rows, kernels, evaluationKernels }, peaks) {
  table(
    'Generator',
    ['', 'images', 'latents', 'best ms', 'median', 'first', 'GFLOP/s', ''],
    rows.map(({ kind, model, images, latent, bestMs, medianMs, firstMs, gflops }) => [
      ...[`${kind}, ${model}`, images, `${latent}²`, number(bestMs), number(medianMs), number(firstMs)],
      ...[gflops ? number(gflops) : '', ''],
    ]),
  );
  const peak = Math.max(...Object.values(peaks));
  printKernels('Kernels of a UNet evaluation', evaluationKernels, peak);
  printKernels('Kernels of a DreamBooth step', kernels, peak);
}

function printKernels(title, kernels, peak) {
  const total = kernels.reduce((sum, { seconds }) => sum + seconds, 0);
  table(
    `${title} (each timed alone)`,
    ['', 'commands', 'ms', 'share', 'GFLOP/s', 'of peak', ''],
    kernels.map(({ name, dispatches, seconds, flops }) => {
      const rate = flops / seconds / 1e9;
      const rates = flops > 0 ? [number(rate), peak > 0 ? percent(rate / peak) : ''] : ['', ''];
      return [name, dispatches, number(1000 * seconds), percent(seconds / total), ...rates, ''];
    }),
  );
}

function printBatches(rows) {
  table(
    'Images per batch: encoder forward',
    ['images', 'ms', 'ms per image', ''],
    rows.map(({ images, bestMs }) => [images, number(bestMs), number(bestMs / images), '']),
  );
}

function printMicroBatches(rows) {
  table(
    'Images per LoRA step, one triplet encoded at a time; memory beside weights and views',
    ['images', 'ms', 'ms per image', 'memory', ''],
    rows.map(({ images, bestMs, peakBytes }) => [
      ...[images, number(bestMs), number(bestMs / images), mebibytes(peakBytes), ''],
    ]),
  );
}

function printAttentionGrowth(rows) {
  table(
    'Tokens of attention, 3 heads of 64; memory beside query, key, value and gradient',
    ['tokens', 'forward ms', 'with backward', 'memory', 'bytes per token', ''],
    rows.map(({ tokens, forwardMs, bothMs, peakBytes }) => [
      ...[tokens, number(forwardMs), number(bothMs), mebibytes(peakBytes), number(peakBytes / tokens), ''],
    ]),
  );
}

function printPytorch({ torch, transformers, capability, rows }) {
  table(
    `PyTorch ${torch} with ${capability}, transformers ${transformers}: encoder forward`,
    ['', 'images', 'best ms', 'median', ''],
    rows.map(({ threads, images, bestMs, medianMs }) => [
      ...[count(threads, 'thread'), images, number(bestMs), number(medianMs), ''],
    ]),
  );
}
