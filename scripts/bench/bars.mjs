/**
 * The bars of the bench on the processor. Each takes the results of the jobs (`jobs.mjs`), by name one result per call, undefined
 * where a job was not run or failed.
 */
import { number } from './table.mjs';

/** Value of a bar whose job was not run or failed. */
export const NOT_MEASURED = 'not measured';

/** Relative error above which another engine did not do the same work. */
export const MOST_ERROR = 1e-3;

/** Growth that still counts as linear, or flat: largest over smallest cost of a unit. */
const MOST_GROWTH = 1.25;

/** Slowest that we may be against PyTorch on a machine with AVX-512. */
const MOST_OVER_PYTORCH = 5;

/**
 * @typedef {{name: string, bar: string, value: string, verdict: 'reached' | 'missed' | 'not judged'}} Bar
 * @param {Record<string, any[]>} results
 * @param {any} pytorch result of `pytorch.py`, or undefined
 * @returns {Bar[]}
 */
export function judge(results, pytorch) {
  const { products = [], encoder = [], teach = [] } = results;
  const [one, two] = [1, 2].map((threads) => products.find((report) => report?.threads === threads));
  const forwards = [1, 2].map((threads) => encoder.find((report) => report?.threads === threads));
  const seconds = (preset) => teach.find((report) => report?.preset === preset)?.seconds;
  const generator = (kind) =>
    results.generator?.[0]?.rows.find((row) => row.kind === kind && row.images === 1);
  return [
    atLeast('product 2056×768×192, one thread', one?.rows[0].gflops, 40, 'GFLOP/s'),
    atLeast('product 2056×768×192, two threads', two?.rows[0].gflops, 75, 'GFLOP/s'),
    atLeast('product, two threads over one', over(two?.rows[0].gflops, one?.rows[0].gflops), 1.8, 'times'),
    atMost('encoder forward, one image, one thread', forwardMs(forwards[0]), 75, 'ms'),
    atMost('encoder forward, one image, two threads', forwardMs(forwards[1]), 42, 'ms'),
    ...forwards.map((report, i) => againstOrt(report, `${i === 0 ? 'one thread' : 'two threads'}`)),
    againstJax(results.loraStep?.[0]),
    atMost('Balanced step of 24 images', over(results.balancedStep?.[0]?.medianMs, 1000), 2, 's'),
    atMost('Quick, from the button to the adapter', seconds('quick'), 20, 's'),
    atMost('Balanced, from the button to the adapter', seconds('balanced'), 100, 's'),
    atMost('first map after a click on a sample', results.firstMap?.[0]?.seconds, 1.5, 's'),
    atMost('UNet evaluation', generator('evaluation')?.bestMs, 110, 'ms'),
    atMost('DreamBooth step of one image', generator('DreamBooth step')?.bestMs, 350, 'ms'),
    atMost('picture of 20 steps with guidance', over(generator('picture')?.medianMs, 1000), 5, 's'),
    ...growth(results),
    ...againstPytorch(forwards, pytorch),
  ];
}

/** The faster of the other engine's rows that did the same work; undefined when there is none. */
export function bestRival(rows) {
  const same = rows.filter(({ bestMs, error }) => bestMs !== undefined && error <= MOST_ERROR);
  return same.reduce((best, row) => (best && best.bestMs <= row.bestMs ? best : row), undefined);
}

/** a / b; undefined where one is missing. */
export function over(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}

/** Largest cost of a unit over that of the smallest case; undefined without rows. */
export function growthOf(rows, cost, units) {
  if (!rows?.length) return undefined;
  const each = rows.map((row) => cost(row) / units(row));
  return Math.max(...each) / each[0];
}

function forwardMs(report) {
  return ourForward(report, 1)?.bestMs;
}

function ourForward(report, images) {
  return report?.rows.find((row) => row.engine === 'familiar' && row.images === images);
}

function againstOrt(report, threads) {
  const name = `encoder forward against onnxruntime-web's wasm, ${threads}`;
  const rivals = report?.rows.filter(({ engine }) => engine !== 'familiar') ?? [];
  const best = bestRival(rivals);
  if (rivals.length && !best) return notJudged(name, 'at least 1.15 times', 'its numbers differ');
  const note = best ? ` (${best.engine}: ${number(best.bestMs)} ms)` : '';
  return atLeast(name, over(best?.bestMs, forwardMs(report)), 1.15, 'times', note);
}

/** At the most layers that one of jax-js's devices could do. */
function againstJax(rows) {
  const name = 'LoRA step of 6 images against the better of jax-js';
  const rivals = rows?.filter(({ engine }) => engine !== 'familiar') ?? [];
  const depth = Math.max(...rivals.filter(({ bestMs }) => bestMs !== undefined).map(({ layers }) => layers));
  const best = bestRival(rivals.filter(({ layers }) => layers === depth));
  if (rivals.length && !best)
    return notJudged(name, 'at least 5 times', 'no run of it did the same work in time');
  const ours = rows?.find(({ engine, layers }) => engine === 'familiar' && layers === depth);
  const note = best
    ? ` (${best.engine}, ${depth} layers: ${number(best.bestMs)} ms to ${number(ours.bestMs)} ms)`
    : '';
  return atLeast(name, over(best?.bestMs, ours?.bestMs), 5, 'times', note);
}

function growth({ batches, microBatches, attentionGrowth }) {
  const images = ({ images: many }) => many;
  const once = () => 1;
  return [
    atMost(
      'time per image, 4 to 64 images in a batch over one',
      growthOf(batches?.[0], ({ bestMs }) => bestMs, images),
      MOST_GROWTH,
      'times',
    ),
    atMost(
      'memory of a step by micro-batches, 12 and 48 images over 3',
      growthOf(microBatches?.[0], ({ peakBytes }) => peakBytes, once),
      MOST_GROWTH,
      'times',
    ),
    atMost(
      'attention memory per token, 1,025 and 4,097 tokens over 257',
      growthOf(
        attentionGrowth?.[0],
        ({ peakBytes }) => peakBytes,
        ({ tokens }) => tokens,
      ),
      MOST_GROWTH,
      'times',
    ),
  ];
}

function againstPytorch(forwards, pytorch) {
  if (!pytorch) return [];
  const rule = `at most ${MOST_OVER_PYTORCH} times with AVX-512`;
  return pytorch.rows.map(({ threads, images, bestMs }) => {
    const name = `encoder forward over PyTorch, ${images === 1 ? 'one image' : `${images} images`}, ${threads === 1 ? 'one thread' : 'two threads'}`;
    const ours = ourForward(forwards[threads - 1], images)?.bestMs;
    const times = over(ours, bestMs);
    if (times !== undefined && pytorch.capability !== 'AVX512')
      return notJudged(name, rule, `${number(times)} times on ${pytorch.capability}`);
    const note = times === undefined ? '' : ` (${number(ours)} ms to ${number(bestMs)} ms)`;
    return atMost(name, times, MOST_OVER_PYTORCH, 'times', note);
  });
}

function atLeast(name, value, least, unit, note = '') {
  const bar = `at least ${least} ${unit}`;
  if (value === undefined) return notJudged(name, bar, NOT_MEASURED);
  return {
    name,
    bar,
    value: `${number(value)} ${unit}${note}`,
    verdict: value >= least ? 'reached' : 'missed',
  };
}

function atMost(name, value, most, unit, note = '') {
  const bar = `at most ${most} ${unit}`;
  if (value === undefined) return notJudged(name, bar, NOT_MEASURED);
  return {
    name,
    bar,
    value: `${number(value)} ${unit}${note}`,
    verdict: value <= most ? 'reached' : 'missed',
  };
}

function notJudged(name, bar, value) {
  return { name, bar, value, verdict: 'not judged' };
}
