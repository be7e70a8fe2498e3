/**
 * `npm run toybox -- --out DIR`: renders the Toybox benchmark, a data set in the reference layout, from its seed. The same
 * seed gives the same bytes on the same Chromium. Pictures that are there are kept, so a run that was cut short goes on.
 *
 * --seed TEXT, --size PIXELS, --samples N (renderings a picture), --subjects a,b, --force (render all again), --check
 * (render and compare with the files that are there, write nothing)
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { readArguments, wholeNumber } from '../lib/arguments.mjs';
import { ensureChromium, ensurePackages } from '../lib/install.mjs';
import { maskPng, openDarkroom } from './darkroom.mjs';

const options = readArguments(['out', 'seed', 'size', 'samples', 'subjects', 'force', 'check']);
const out = resolve(String(options.out ?? 'toybox'));
const samples = wholeNumber(options, 'samples') ?? 4;
ensurePackages();
await ensureChromium();
const darkroom = await openDarkroom();
let different = 0;
try {
  await render();
} finally {
  await darkroom.close();
}
if (options.check) console.log(different ? `${different} files differ` : 'every file is identical');
process.exitCode = different ? 1 : 0;

async function render() {
  const { makeToyboxPlan, TOYBOX_SEED, TOYBOX_SIZE, toyboxSubjects } = await darkroom.load('/toybox/plan.ts');
  const seed = String(options.seed ?? TOYBOX_SEED);
  const size = wholeNumber(options, 'size', 64) ?? TOYBOX_SIZE;
  const only = options.subjects ? String(options.subjects).split(',') : undefined;
  const known = toyboxSubjects(seed).map(({ id }) => id);
  for (const name of only ?? []) {
    if (!known.includes(name)) {
      console.error(`There is no object ${name}. There are: ${known.join(', ')}.`);
      process.exitCode = 2;
      return;
    }
  }
  const { shots, manifest } = makeToyboxPlan(seed, size, only);
  await requireSameSet({ seed, size, samples });
  const wanted = shots.filter(({ image }) => options.force || options.check || !existsSync(join(out, image)));
  if (wanted.length < shots.length) console.log(`${shots.length - wanted.length} pictures are there already`);
  const chromium = await darkroom.open();
  const began = Date.now();
  for (const [i, shot] of wanted.entries()) {
    const { jpeg, mask, fraction } = await darkroom.render(shot, { samples, jpeg: 0.88 });
    // The picture comes last: a picture that is there has its mask.
    if (mask) await deliver(shot.mask, maskPng(mask, shot.width, shot.height));
    await deliver(shot.image, Buffer.from(jpeg, 'base64'));
    const each = (Date.now() - began) / 1000 / (i + 1);
    const object = mask ? `  object ${(100 * fraction).toFixed(1)} %` : '';
    const left = Math.ceil((each * (wanted.length - i - 1)) / 60);
    console.log(`${i + 1}/${wanted.length}  ${shot.image}${object}  about ${left} min left`);
  }
  const images = [];
  for (const entry of manifest.images) images.push({ ...entry, box: await boxOf(entry.image) });
  const about = { ...manifest, samples, chromium, images };
  await deliver('toybox.json', Buffer.from(`${JSON.stringify(about, null, 1)}\n`));
}

/** Tight box [x, y, width, height] of a picture's mask, in pixels. */
async function boxOf(image) {
  const path = image.replace('test/', 'test_masks/').replace('.jpg', '.png');
  const { width, height, data } = PNG.sync.read(await readFile(join(out, path)));
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[4 * (y * width + x)] === 0) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), y];
    }
  }
  return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
}

/** Pictures of another seed, size or quality in the folder would make a mixed set. */
async function requireSameSet(now) {
  const path = join(out, 'toybox.json');
  if (!existsSync(path) || options.force) return;
  const before = JSON.parse(await readFile(path, 'utf8'));
  const other = Object.keys(now).filter((key) => before[key] !== now[key]);
  if (other.length) {
    throw new Error(
      `${out} holds a Toybox with another ${other.join(', ')}. Choose another folder, or give --force to render it anew.`,
    );
  }
}

/** Write a file, or with --check compare it with the one on disk. */
async function deliver(path, bytes) {
  const file = join(out, path);
  if (options.check) {
    const same = existsSync(file) && Buffer.compare(await readFile(file), bytes) === 0;
    if (!same) {
      different++;
      console.error(`differs: ${path}`);
    }
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
