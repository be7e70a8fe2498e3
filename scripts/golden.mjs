/** `npm run golden -- DIR`: check the engine against a folder of golden values; exits non-zero over tolerance. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureBuild, ensureChromium, ensurePackages } from './lib/install.mjs';

const folder = process.argv[2];
if (!folder || !existsSync(folder)) {
  console.error(folder ? `There is no folder ${folder}.` : 'Usage: npm run golden -- DIR');
  process.exit(2);
}
ensurePackages();
await ensureChromium();
if (!process.env.FAMILIAR_NO_BUILD) ensureBuild();
const { openHeadless } = await import('./lib/headless.mjs');

const { page, url, close } = await openHeadless({ '/golden/': resolve(folder) });
const { adapter, checks, absent } = await page.evaluate(
  (baseUrl) => globalThis.familiar.runGolden(baseUrl),
  `${url}golden/`,
);
await close();

console.log(`Adapter: ${adapter}\n`);
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
