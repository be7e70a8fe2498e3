/**
 * Renders public/samples from the committed seed: `npm run samples`.
 * Options: --out DIR (default public/samples), --only REGEXP (paths that match), --samples N (renderings per
 * picture, default 12), --check (render and compare with the files that are there, write nothing).
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { maskPng, openDarkroom, ROOT } from './darkroom.mjs';

const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'public/samples') },
    only: { type: 'string' },
    samples: { type: 'string', default: '12' },
    check: { type: 'boolean', default: false },
  },
});

/** Writes a file, or with --check reports whether the one on disk has the same bytes. */
async function deliver(path, bytes) {
  const file = join(options.out, path);
  if (options.check) {
    const same = existsSync(file) && Buffer.compare(await readFile(file), bytes) === 0;
    if (!same) console.error(`differs: ${path}`);
    return same;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return true;
}

async function main() {
  const darkroom = await openDarkroom();
  let different = 0;
  try {
    const { makePlan } = await darkroom.load('/plan/plan.ts');
    const { shots, manifest } = makePlan();
    const wanted = shots.filter(({ image }) => !options.only || new RegExp(options.only).test(image));
    if (!options.only && !options.check) await rm(options.out, { recursive: true, force: true });
    await darkroom.open();
    const quality = { samples: Number(options.samples), jpeg: 0.88 };
    const began = Date.now();
    for (const [i, shot] of wanted.entries()) {
      const { jpeg, mask, fraction, visible } = await darkroom.render(shot, quality);
      const bytes = Buffer.from(jpeg, 'base64');
      if (!(await deliver(shot.image, bytes))) different++;
      if (mask && !(await deliver(shot.mask, maskPng(mask, shot.width, shot.height)))) different++;
      const note = mask
        ? ` object ${(100 * fraction).toFixed(1)} %, visible ${(100 * visible).toFixed(0)} %`
        : '';
      const seconds = ((Date.now() - began) / 1000).toFixed(0);
      console.log(
        `${i + 1}/${wanted.length} ${seconds} s ${shot.image} ${(bytes.length / 1024).toFixed(0)} KB ${shot.set}/${shot.light}${note}`,
      );
    }
    const text = `${JSON.stringify(manifest, null, 1)}\n`;
    if (!(await deliver('index.json', Buffer.from(text)))) different++;
  } finally {
    await darkroom.close();
  }
  if (options.check) console.log(different ? `${different} files differ` : 'every file is identical');
  if (different) process.exitCode = 1;
}

await main();
