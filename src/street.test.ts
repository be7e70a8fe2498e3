import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms from the top of the street to the bottom; a room may import its own level's ground floor and lower rooms. */
const LEVELS: string[][] = [
  ['app', 'headless'],
  ['engine'],
  ['library', 'evaluation'],
  ['personalize', 'diffusion'],
  ['dense'],
  ['models'],
  ['nn'],
  ['tensor'],
  ['backend'],
  ['images', 'random'],
  ['files'],
  ['testing'],
];
const SRC = import.meta.dirname;

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

const roomOf = (path: string): string => relative(SRC, path).split(/[\\/]/)[0]!;
const levelOf = (room: string): number => LEVELS.findIndex((rooms) => rooms.includes(room));

describe('the street', () => {
  it('has imports that point downward only', () => {
    const wrong: string[] = [];
    for (const file of sources(SRC)) {
      const from = roomOf(file);
      if (from === 'testing' || !file.includes(`${from}/`)) continue;
      expect(levelOf(from), `${from} is no room of the street`).toBeGreaterThanOrEqual(0);
      for (const [, target] of readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
        const path = resolve(dirname(file), target!);
        if (!path.startsWith(SRC)) continue;
        const to = roomOf(path);
        if (to !== from && levelOf(to) <= levelOf(from))
          wrong.push(`${relative(SRC, file)} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('lets only the backends see shaders and kernels, and only their choice and their tests see one of them', () => {
    const wrong: string[] = [];
    for (const file of sources(SRC)) {
      const name = relative(SRC, file);
      if (/^backend[\\/]/.test(name) || /^testing[\\/]|^headless[\\/]bench[\\/]/.test(name)) continue;
      for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
        const path = relative(SRC, resolve(dirname(file), target!)).replaceAll('\\', '/');
        if (/^\.\.\/(shaders|kernels)\/|^backend\/(webgpu|cpu)\//.test(path))
          wrong.push(`${name} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
