/**
 * `npm test`: install what is missing, then format and lint, types, unit tests, device tests on the processor and in real Chromium,
 * the build, and the end-to-end tests. Every stage runs even when one before it failed, so one run shows everything; the exit code
 * and the last line tell the sum.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureChromium, ensurePackages, ROOT, run } from './lib/install.mjs';

ensurePackages();
await ensureChromium();

const reports = join(ROOT, '.cache', 'test-reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const totals = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();

stage('Format and lint', () => run('npx', ['biome', 'ci', '.']));
stage('Types', () => run('npx', ['tsc', '--noEmit', '-p', 'tsconfig.json']));
vitest('Unit tests', 'unit');
vitest('Device tests on the processor', 'cpu');
vitest('Device tests on WebGPU, and browser tests, in Chromium', 'gpu');
stage('Build', () => {
  ensureBuild();
  return 0;
});
endToEnd();

console.log(`\nAll of it took ${Math.round((Date.now() - started) / 1000)} s.`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

/** Run a stage that is one check of its own. */
function stage(title, body) {
  const status = timed(title, body);
  if (status === 0) totals.passed++;
  else totals.failed++;
}

function timed(title, body) {
  console.log(`\n── ${title}`);
  const start = Date.now();
  const status = body();
  console.log(
    `── ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${Math.round((Date.now() - start) / 1000)} s)`,
  );
  return status;
}

function vitest(title, project) {
  const file = join(reports, `${project}.json`);
  const args = [
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${file}`,
  ];
  const status = timed(title, () => run('npx', args));
  if (!existsSync(file)) return void totals.failed++;
  const report = JSON.parse(readFileSync(file, 'utf8'));
  count(report.numPassedTests, report.numFailedTests, report.numPendingTests + report.numTodoTests, status);
}

function endToEnd() {
  const file = join(reports, 'e2e.json');
  const status = timed('End-to-end tests', () =>
    run('npx', ['playwright', 'test', '-c', 'e2e/playwright.config.ts'], {
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    }),
  );
  if (!existsSync(file)) return void totals.failed++;
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  count(stats.expected + stats.flaky, stats.unexpected, stats.skipped, status);
}

/** Add a runner's counts; a runner that failed without a failed test (a crash, no tests) counts as one failure. */
function count(passed, failed, skipped, status) {
  totals.passed += passed;
  totals.failed += failed + (status !== 0 && failed === 0 ? 1 : 0);
  totals.skipped += skipped;
}
