import { describe, expect, it } from 'vitest';
import { Rng } from './random.ts';

describe('Rng', () => {
  it('repeats for a seed and differs between seeds', () => {
    const draw = (seed: string) => {
      const rng = new Rng(seed);
      return Array.from({ length: 6 }, () => rng.next());
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('is roughly uniform and its normals have unit variance', () => {
    const rng = new Rng('uniform');
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 20000; i++) bins[rng.int(10)]!++;
    for (const n of bins) expect(Math.abs(n - 2000)).toBeLessThan(220);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 20000; i++) {
      const x = rng.normal();
      sum += x;
      squares += x * x;
    }
    expect(Math.abs(sum / 20000)).toBeLessThan(0.03);
    expect(Math.abs(squares / 20000 - 1)).toBeLessThan(0.05);
  });

  it('forks by name, whatever was drawn', () => {
    const a = new Rng('s');
    const b = new Rng('s');
    b.next();
    expect(b.fork('x').next()).toBe(a.fork('x').next());
    expect(a.fork('x').next()).not.toBe(a.fork('y').next());
  });

  it('shuffles without loss and refuses to pick from nothing', () => {
    expect(new Rng('p').shuffled([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(() => new Rng('p').pick([])).toThrow(RangeError);
  });
});
