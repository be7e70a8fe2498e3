/**
 * `npm run golden -- DIR`: check the engine against a folder of golden values; exits non-zero over tolerance.
 * `--backend auto|cpu|webgpu` picks what computes.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { wantedBackend } from './lib/backend.mjs';
import { ensureBuild, ensureChromium, ensurePackages } from './lib/install.mjs';

const [folder] = process.argv.slice(2, 3).filter((name) => !name.startsWith('--'));
if (!folder || !existsSync(folder)) {
  console.error(folder ? `There is no folder ${folder}.` : 'Usage: npm run golden -- DIR');
  process.exit(2);
}
const backend = wantedBackend(readArguments(['backend'], process.argv.slice(3)));
ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
const { openHeadless } = await import('./lib/headless.mjs');

const { page, url, close } = await openHeadless({ '/golden/': resolve(folder) });
const { device, notes, checks, absent } = await page.evaluate(
  ([baseUrl, preference]) => globalThis.familiar.runGolden(baseUrl, preference),
  [`${url}golden/`, backend],
);
await close();

console.log(`Computed by: ${device}`);
for (const note of notes) console.log(note);
console.log();
let failed = 0;
for (const { name, error, tolerance } of checks) {
  const ok = error <= tolerance;
  if (!ok) failed++;
  const numbers = `${error.toExponential(2)} (at most ${tolerance.toExponential(0)})`;
  console.log(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(60)} ${numbers}`);
}
if (absent.length) console.log(`\nNot in this folder, so not checked: ${absent.join(', ')}.`);
if (checks.length === 0) console.error('\nNothing in this folder could be checked.');
console.log(`\n${checks.length - failed} passed, ${failed} failed`);
process.exit(failed || checks.length === 0 ? 1 : 0);
