/** The bench on the processor: runs every job, prints tables and bars, writes a JSON file. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { openHeadless } from '../lib/headless.mjs';
import { ROOT } from '../lib/install.mjs';
import { judge, NOT_MEASURED } from './bars.mjs';
import { chosenJobs, JOBS, PYTORCH } from './jobs.mjs';
import { printResults } from './print.mjs';
import { timePytorch } from './python.mjs';

/** Folders of other engines, served beside the app. */
const FOLDERS = {
  '/ort/': join(ROOT, 'node_modules/onnxruntime-web/dist'),
  '/jax/': join(ROOT, 'node_modules/@jax-js/jax/dist'),
};

/**
 * @param {{out: string, only?: string | true, python?: string | true}} options
 * @returns {Promise<number>} exit code: 1 when a job failed; a bar that is missed is told, and no failure
 */
export async function benchCpu({ out, only, python = process.env.FAMILIAR_PYTHON }) {
  let names;
  try {
    names = chosenJobs(only);
  } catch (error) {
    console.error(error.message);
    return 2;
  }
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const tell = (what) => console.error(`${String(seconds()).padStart(4)} s  ${what}`);
  const report = { ...(await describe()), results: {}, failures: [], pytorch: null, bars: [] };
  const keep = () => writeFileSync(out, `${JSON.stringify({ ...report, seconds: seconds() }, null, 2)}\n`);
  for (const { name, title, calls } of JOBS.filter((job) => names.includes(job.name))) {
    report.results[name] = [];
    for (const given of calls) {
      const told = `${title} ${Object.entries(given)
        .map((pair) => pair.join(' '))
        .join(', ')}`.trim();
      tell(told);
      try {
        report.results[name].push(await inPage(name, given));
      } catch (error) {
        const message = error.message.split('\n')[0];
        report.failures.push({ job: told, message });
        tell(`${told} failed: ${message}`);
      }
      // A run that is cut short leaves what it has measured.
      keep();
    }
  }
  if (names.includes(PYTORCH)) {
    tell('PyTorch');
    const { result = null, problem } = timePytorch(python === true ? undefined : python);
    report.pytorch = result;
    if (problem) console.error(`PyTorch is not timed: ${problem}.`);
  }
  report.bars = judge(report.results, report.pytorch ?? undefined);
  keep();
  print(report, { out, seconds: seconds(), all: only === undefined });
  return report.failures.length > 0 ? 1 : 0;
}

/** Run a job in a browser of its own. */
async function inPage(name, given) {
  const { page, close } = await openHeadless(FOLDERS);
  try {
    return await page.evaluate(([job, args]) => globalThis.familiar.cpuJobs[job](args), [name, given]);
  } finally {
    await close();
  }
}

/** The machine, and what the page computes with on it. */
async function describe() {
  const { page, close } = await openHeadless();
  try {
    const machine = await page.evaluate(() => globalThis.familiar.cpuJobs.machine());
    const chromium = page.context().browser().version();
    return { date: new Date().toISOString(), cpu: cpus()[0]?.model ?? 'unknown', chromium, machine };
  } finally {
    await close();
  }
}

function print({ cpu, chromium, machine, results, pytorch, failures, bars }, { out, seconds, all }) {
  console.log(`\nProcessor: ${cpu}, ${machine.cores} cores`);
  console.log(`Backend:   cpu, ${machine.build}, ${machine.threads} threads`);
  console.log(`Chromium:  ${chromium}`);
  for (const note of machine.notes) console.log(note);
  printResults(results, pytorch);
  console.log('\nBars');
  for (const { name, bar, value, verdict } of bars) {
    if (all || value !== NOT_MEASURED) console.log(`  ${verdict.padEnd(10)}  ${name}: ${value}; ${bar}`);
  }
  if (all) console.log('  not judged  npm test, whole: it tells its own time; at most 8 minutes');
  for (const { job, message } of failures) console.log(`\nFailed: ${job}: ${message}`);
  console.log(`\n${seconds} s. Written to ${out}`);
}
