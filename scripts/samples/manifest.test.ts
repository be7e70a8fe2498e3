/** Checks the committed public/samples: what the app ships is what the plan says, whole and within the limit. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { COUNTS, type Manifest, makePlan } from './plan/plan.ts';
import { SHIFTS } from './plan/types.ts';

const ROOT = fileURLToPath(new URL('../../public/samples/', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'index.json'), 'utf8')) as Manifest;

/** Width and height from the start-of-frame segment of a JPEG. */
function jpegSize(path: string): { width: number; height: number } {
  const bytes = readFileSync(path);
  if (bytes.readUInt16BE(0) !== 0xffd8) throw new Error(`${path} does not start like a JPEG`);
  let at = 2;
  while (at < bytes.length) {
    const marker = bytes[at + 1] as number;
    if (marker >= 0xc0 && marker <= 0xc2)
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new Error(`${path} has no start-of-frame segment`);
}

/** Share of object pixels; throws when a pixel is neither 0 nor 255. */
function maskFraction(path: string): { width: number; height: number; fraction: number } {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== 0 && data[i] !== 255) throw new Error(`${path}: pixel ${i / 4} is ${data[i]}`);
    if (data[i] === 255) count++;
  }
  return { width, height, fraction: count / (width * height) };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile());
}

const masked = manifest.subjects.flatMap(({ train, test }) => [
  ...train.map(({ image, mask }) => ({ image, mask, limits: [0.08, 0.6] as const })),
  ...test.flatMap(({ image, mask }) => (mask ? [{ image, mask, limits: [0.035, 0.5] as const }] : [])),
]);
const pictures = [
  ...manifest.subjects.flatMap(({ train, test, negatives }) =>
    [...train, ...test].map(({ image }) => image).concat(negatives),
  ),
  ...manifest.negatives,
  ...manifest.backgrounds,
];

describe('public/samples', () => {
  it('is the collection the committed seed plans', () => {
    expect(manifest).toEqual(makePlan(manifest.seed).manifest);
  });

  it('holds exactly the files it lists, together at most 15 MB', () => {
    const listed = [...pictures, ...masked.map(({ mask }) => mask), 'index.json'].sort();
    expect(filesBelow(ROOT).sort()).toEqual(listed);
    const total = listed.reduce((sum, path) => sum + statSync(join(ROOT, path)).size, 0);
    expect(total).toBeLessThanOrEqual(15 * 1024 * 1024);
  });

  it('has three animals and three objects with their views over four shifts', () => {
    for (const kind of ['animal', 'object'])
      expect(manifest.subjects.filter((subject) => subject.kind === kind).length).toBeGreaterThanOrEqual(3);
    for (const { train, test, negatives, cover } of manifest.subjects) {
      expect(train.length).toBe(3);
      for (const shift of SHIFTS)
        expect(test.filter((entry) => entry.shift === shift && entry.isSubject).length).toBe(3);
      const siblings = test.filter(({ isSubject }) => !isSubject);
      expect(siblings.length).toBe(COUNTS.siblingTests);
      expect(siblings.every(({ mask, shift }) => mask === undefined && shift === null)).toBe(true);
      expect(negatives.length).toBeGreaterThanOrEqual(8);
      expect(existsSync(join(ROOT, cover))).toBe(true);
    }
    expect(manifest.negatives.length).toBeGreaterThanOrEqual(24);
    expect(manifest.backgrounds.length).toBeGreaterThanOrEqual(24);
  });

  it('has JPEGs of 384 pixels on the long side', () => {
    for (const path of pictures) {
      const { width, height } = jpegSize(join(ROOT, path));
      expect(Math.max(width, height), path).toBe(384);
    }
  });

  it.each(masked)('$mask is binary, of the size of its image, with an object of sensible size', ({
    image,
    mask,
    limits,
  }) => {
    const { width, height, fraction } = maskFraction(join(ROOT, mask));
    expect({ width, height }).toEqual(jpegSize(join(ROOT, image)));
    expect(fraction).toBeGreaterThan(limits[0]);
    expect(fraction).toBeLessThan(limits[1]);
  });
});
